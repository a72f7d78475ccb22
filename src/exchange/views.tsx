// Exchange / views: the page of practice phones as a whole: clock, telephones, inbox, what really rang; and the page of one e-mail.
// Pure. Called by pages.tsx; one telephone is drawn by phone-card.tsx.
import type { ComponentChildren, HTMLAttributes } from 'preact'
import { Details, Heading, InsetText, Link, P, Table } from '../web/components.tsx'
import { type Errors, Form, LinkButton } from '../web/forms.tsx'
import { Icon } from '../web/icons.tsx'
import { FaultKnobs } from './fault-knobs.tsx'
import { linked, signInCode } from './mail-text.ts'
import { PhoneCard, SoundButton } from './phone-card.tsx'
import type { MailShown, Shown } from './shown.ts'
import {
  aheadInWords,
  clockInWords,
  endInWords,
  eventInWords,
  goToIt,
  isRinging,
  mailTo,
  newMail,
  phoneTitle,
  rangInWords,
  whenInWords,
  words,
} from './words-of-pages.ts'

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'exchange-phones': HTMLAttributes<HTMLElement> & {
        'data-events': string
        'data-title'?: string | undefined
        'data-off': string
        'data-worklet': string
        'data-no-microphone': string
      }
    }
  }
}

export interface PageProps {
  shown: Shown
  errors: Errors | undefined
  /** the clock stopped before it was where it should be */
  isClockTired: boolean
  /** what addresses of forms end with, so that what is unfolded stays so */
  query: string
  /** the address of the asset `voice-worklet.js` */
  worklet: string
}

export function ExchangePage({ shown, errors, isClockTired, query, worklet }: PageProps) {
  const ringing = shown.phones.find(({ handset }) => handset.state === 'ringing')
  const ringingTitle = ringing && titleOf(shown, ringing.handset.number)
  return (
    <exchange-phones
      id="exchange"
      data-events="/exchange/events"
      data-off={words.soundOff}
      data-worklet={worklet}
      data-no-microphone={words.noMicrophone}
    >
      <div class="app-exchange-top">
        <div>
          <Heading>{words.title}</Heading>
          <p class="govuk-body">{words.lead}</p>
        </div>
        <div>
          <SoundButton />
        </div>
      </div>
      <noscript>
        <InsetText>
          {words.again} <Link href="/exchange">{words.loadAgain}</Link>
        </InsetText>
      </noscript>
      <div id="exchange-now" data-live data-title={ringingTitle && isRinging(ringingTitle)}>
        {ringing && ringingTitle && (
          <p class="app-exchange-ringing" id="ringing">
            <Icon name="bell" />
            <a href={`#handset-${ringing.id}`}>{goToIt(ringingTitle)}</a>
          </p>
        )}
        <Clock shown={shown} isTired={isClockTired} query={query} />
        <nav class="app-exchange-nav" aria-label={words.onThisPage}>
          <ul>
            {(['phones', 'inbox', 'ledger'] as const).map((place) => (
              <li key={place}>
                <a class="govuk-link" href={`#${place}`}>
                  {words[place]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="app-exchange">
          <section id="phones" class="app-exchange__phones" aria-labelledby="phones-title">
            <h2 class="govuk-heading-m" id="phones-title">
              {words.phones}
            </h2>
            {shown.phones.length === 0 && (
              <InsetText>
                <P>{words.noPhones}</P>
                <LinkButton href="/setup">{words.setUp}</LinkButton>
              </InsetText>
            )}
            <div class="app-phones" id="all-phones">
              {shown.phones.map((phone) => (
                <PhoneCard key={phone.id} phone={phone} now={shown.now} errors={errors} query={query} />
              ))}
            </div>
            {shown.morePhones > 0 && (
              <P>
                <Link href="/exchange?all=1#phones">{words.more(shown.morePhones)}</Link>
              </P>
            )}
            <p class="govuk-body">{words.line(shown.line.number, shown.line.busy)}</p>
          </section>
          <Inbox shown={shown} />
        </div>
        <RingLedger shown={shown} />
        <FaultKnobs shown={shown} query={query} />
        <AboutClock shown={shown} />
      </div>
    </exchange-phones>
  )
}

const namesOf = (shown: Shown, number: string): string[] =>
  (shown.names.get(number) ?? []).map(({ name }) => name)

const titleOf = (shown: Shown, number: string): string => phoneTitle(namesOf(shown, number), number)

// ----------------------------------------------------------------------------------------------------------------- clock

function Clock({ shown, isTired, query }: { shown: Shown; isTired: boolean; query: string }) {
  const { now, next } = shown
  return (
    <section class="app-clock" id="clock" aria-labelledby="clock-title">
      <h2 class="govuk-visually-hidden" id="clock-title">
        {words.clock}
      </h2>
      <span class="app-phone__mark">
        <Icon name="clock" />
      </span>
      <p class="app-clock__now">
        <strong>{clockInWords(now)}</strong>{' '}
        <span>
          {aheadInWords(shown.aheadMs)}.{' '}
          <a class="govuk-link app-nowrap" href="#about-clock">
            {words.aboutClock}
          </a>
        </span>
      </p>
      <Form action={`/exchange/clock${query}`} class="app-clock__do">
        {[1, 5].map((minutes) => (
          <button key={minutes} type="submit" name="by" value={minutes} class="app-small-button">
            {words.forward(minutes)}
          </button>
        ))}
        {next && (
          <button type="submit" name="by" value="next" class="app-small-button">
            {words.toNext(next.at, now)}
          </button>
        )}
      </Form>
      {isTired && <p class="app-clock__next">{words.clockStopped}</p>}
    </section>
  )
}

function AboutClock({ shown: { now, next } }: { shown: Shown }) {
  return (
    <section id="about-clock" class="app-exchange-about" aria-labelledby="about-clock-title">
      <h2 class="govuk-heading-m" id="about-clock-title">
        {words.aboutClock}
      </h2>
      <P>{next ? `${words.toNext(next.at, now)}: ${eventInWords(next.actor)}.` : words.nothingNext}</P>
      {words.clockSays.map((says) => (
        <P key={says}>{says}</P>
      ))}
    </section>
  )
}

// ----------------------------------------------------------------------------------------------------------------- inbox

function Inbox({ shown }: { shown: Shown }) {
  const { mails, moreMails } = shown
  return (
    <section id="inbox" class="app-exchange__inbox" aria-labelledby="inbox-title">
      <h2 class="govuk-heading-m" id="inbox-title">
        {words.inbox}
      </h2>
      <p class="govuk-body">{mails ? words.inboxLead : words.elsewhere}</p>
      {mails?.length === 0 && <p class="govuk-body">{words.noMails}</p>}
      {mails && mails.length > 0 && (
        <ol class="app-mails">
          {mails.map((shownMail) => (
            <MailRow key={shownMail.id} shown={shownMail} now={shown.now} />
          ))}
        </ol>
      )}
      {moreMails > 0 && (
        <P>
          <Link href="/exchange?all=1#inbox">{words.olderMails(moreMails)}</Link>
        </P>
      )}
    </section>
  )
}

function MailRow({ shown: { id, mail }, now }: { shown: MailShown; now: Date }) {
  const code = signInCode(mail)
  const subject = mail.subject || words.nobodysMail
  return (
    <li class="app-mail" data-key={id}>
      <p class="app-mail__when">{whenInWords(mail.at, now)}</p>
      <h3 class="app-mail__subject">{subject}</h3>
      <p class="app-mail__to">{mailTo(mail.toName, mail.to)}</p>
      <span class="govuk-visually-hidden" data-announce={id}>
        {newMail(mail.toName || mail.to, subject)}
      </span>
      {code && (
        <p class="app-mail__code">
          {words.codeIs} <strong>{code}</strong>
        </p>
      )}
      <Details summary={words.readMail} id={`mail-${id}`}>
        <MailText text={mail.text} />
        <P>
          <Link href={`/exchange/mails/${id}`}>
            {words.asItLooks}
            <span class="govuk-visually-hidden">: {subject}</span>
          </Link>
        </P>
      </Details>
    </li>
  )
}

/** The plain text, its addresses made into links that leave this page open: the telephones may be ringing. */
function MailText({ text }: { text: string }) {
  return (
    <div class="app-mail__text">
      {linked(text).map((part, i) =>
        part.url ? (
          <a key={i} class="govuk-link" href={part.url} target="_blank" rel="noopener noreferrer">
            {part.text}
            <span class="govuk-visually-hidden"> {words.newTab}</span>
          </a>
        ) : (
          part.text
        ),
      )}
    </div>
  )
}

/** One e-mail as an e-mail program shows it, in a frame that can do nothing. */
export function MailPage({ shown: { id, mail }, now }: { shown: MailShown; now: Date }) {
  return (
    <>
      <Heading caption={`${mailTo(mail.toName, mail.to)}. ${whenInWords(mail.at, now)}`}>
        {mail.subject || words.nobodysMail}
      </Heading>
      {mail.html ? (
        <iframe
          class="app-mail-frame"
          title={words.mailFrame}
          src={`/exchange/mails/${id}/looks`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        />
      ) : (
        <InsetText>{words.noLooks}</InsetText>
      )}
      <Details summary={words.readMail} id="text" open={!mail.html}>
        <MailText text={mail.text} />
      </Details>
    </>
  )
}

// ---------------------------------------------------------------------------------------------------------------- ledger

function RingLedger({ shown }: { shown: Shown }) {
  const rows = shown.rings.map((ring): ComponentChildren[] => {
    const way = ring.way === 'out' ? 'to' : 'from'
    const number = ring.way === 'out' ? ring.to : ring.from
    return [
      whenInWords(new Date(ring.at), shown.now),
      rangInWords(way, namesOf(shown, number), number),
      endInWords({ ...ring, way }),
    ]
  })
  return (
    <section id="ledger" class="app-ring-ledger" aria-labelledby="ledger-title">
      <h2 class="govuk-heading-m" id="ledger-title">
        {words.ledger}
      </h2>
      <p class="govuk-body">{words.ledgerLead}</p>
      {rows.length === 0 ? (
        <p class="govuk-body">{words.noRings}</p>
      ) : (
        <Table head={[words.when, words.whatRang, words.howItEnded]} rows={rows} />
      )}
    </section>
  )
}
