// Alerts / views: the pages of this room as HTML. Pure: everything is passed in. Called by pages.tsx. Every button is a form, so
// that all of it works with JavaScript off, from any telephone that shows pages.
import type { HTMLAttributes } from 'preact'
import type { AttemptResult } from '../db/tables.ts'
import { displayNumber } from '../kit/phone-number.ts'
import { durationInWords, timeInWords } from '../kit/words-of-time.ts'
import { ringInWords } from '../ringin/ringin.ts'
import type { AlertReceiver } from '../services/services.ts'
import {
  Bullets,
  Details,
  Heading,
  InsetText,
  Link,
  P,
  PhoneNumber,
  StatusPanel,
} from '../web/components.tsx'
import { Button, ButtonGroup, Form } from '../web/forms.tsx'
import type { AlertView } from './views/store.ts'
import { alertHeadline, notificationSentence, standingSentence, words } from './views/words.ts'
import type { Standing } from './words.ts'

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'running-clock': HTMLAttributes<HTMLElement> & { 'data-elapsed': number }
    }
  }
}

/** What every page about an alert shows. */
export interface AlertShown {
  alert: AlertView
  /** how it stands for the person who looks */
  standing: Standing
  attempts: readonly { result: AttemptResult; at: Date }[]
  /** of the receiver, E.164 */
  phones: readonly string[]
  /** null once it is over: then nobody needs them */
  accessNotes: string | null
  now: Date
}

/** The page behind the link in an e-mail. @param base its address */
export function LinkPage({ shown, base }: { shown: AlertShown; base: string }) {
  const { alert, standing } = shown
  return (
    <>
      <Heading>{alertHeadline(alert)}</Heading>
      <Answer shown={shown} base={base} />
      {standing.is !== 'closed' && <GettingThere shown={shown} />}
      <WhatHappened shown={shown} />
      <WhoWasTold alert={alert} />
      {standing.is !== 'closed' && standing.is !== 'yours' && (
        <>
          <h2 class="govuk-heading-m">{words.allRightTitle(alert.receiverName)}</h2>
          <P>{words.allRightHint(alert.receiverName)}</P>
          <Outcome base={base} how="she is fine" look="secondary">
            {words.fine(alert.receiverName)}
          </Outcome>
        </>
      )}
    </>
  )
}

/** How it stands, and the one thing to do about it. */
function Answer({ shown, base }: { shown: AlertShown; base: string }) {
  const { alert, standing } = shown
  switch (standing.is) {
    case 'open':
      return (
        <StatusPanel mood="attention" icon="bell" title={words.nobodyYet}>
          <P>{words.acceptHint}</P>
          <Accept base={base} text={words.accept} />
        </StatusPanel>
      )
    case 'yours':
      return (
        <StatusPanel mood="good" title={words.yours(alert.receiverName)}>
          <P>{yoursSentence(alert)}</P>
          <h3 class="govuk-heading-s">{words.howDidItGo}</h3>
          <Outcomes alert={alert} base={base} />
        </StatusPanel>
      )
    case 'accepted':
      return (
        <StatusPanel mood={standing.wantsHelp ? 'attention' : 'good'} title={standingSentence(alert)}>
          {standing.wantsHelp ? <Accept base={base} text={words.help} /> : <P>{words.othersTurn}</P>}
        </StatusPanel>
      )
    case 'closed':
      return (
        <StatusPanel mood="good" title={standingSentence(alert)}>
          <P>{words.othersTurn}</P>
        </StatusPanel>
      )
  }
}

function yoursSentence(alert: AlertView): string {
  if (alert.said === 'get help') return words.yoursHelp
  if (alert.said === 'I am going' && alert.wakeAt)
    return words.yoursGoing(timeInWords(alert.wakeAt, alert.timeZone))
  return words.thanks
}

function Accept({ base, text, hiddenText }: { base: string; text: string; hiddenText?: string }) {
  return (
    <Form action={`${base}/acceptance`}>
      <Button {...(hiddenText && { hiddenText })}>{text}</Button>
    </Form>
  )
}

function Outcomes({ alert, base }: { alert: AlertView; base: string }) {
  return (
    <ButtonGroup>
      <Outcome base={base} how="she is fine">
        {words.fine(alert.receiverName)}
      </Outcome>
      <Outcome base={base} how="I am going" look="secondary">
        {words.going}
      </Outcome>
      {alert.said !== 'get help' && (
        <Outcome base={base} how="get help" look="warning">
          {words.getHelp}
        </Outcome>
      )}
    </ButtonGroup>
  )
}

function Outcome(props: { base: string; how: string; look?: 'secondary' | 'warning'; children: string }) {
  return (
    <Form action={`${props.base}/outcome`}>
      <Button name="how" value={props.how} look={props.look}>
        {props.children}
      </Button>
    </Form>
  )
}

/** What somebody needs who rings or goes there. */
function GettingThere({ shown }: { shown: AlertShown }) {
  return (
    <>
      {shown.phones.map((phone) => (
        <P key={phone}>
          <a class="govuk-link" href={`tel:${phone}`}>
            {words.ring(shown.alert.receiverName)}: <PhoneNumber>{displayNumber(phone)}</PhoneNumber>
          </a>
        </P>
      ))}
      {shown.accessNotes && (
        <InsetText>
          <strong>{words.howToGetIn}</strong>
          {shown.accessNotes.split('\n').map((line) => (
            <div key={line}>{line}</div>
          ))}
        </InsetText>
      )}
    </>
  )
}

function WhatHappened({ shown }: { shown: AlertShown }) {
  const { timeZone } = shown.alert
  return (
    <>
      <h2 class="govuk-heading-m">{words.whatHappened}</h2>
      <P>{words.due(shown.alert, shown.now)}</P>
      {shown.attempts.length > 0 && (
        <Bullets items={shown.attempts.map(({ result, at }) => words.attempt(result, at, timeZone))} />
      )}
    </>
  )
}

function WhoWasTold({ alert }: { alert: AlertView }) {
  return (
    <>
      <h2 class="govuk-heading-m">{words.whoWasTold}</h2>
      <ToldList alert={alert} />
    </>
  )
}

function ToldList({ alert }: { alert: AlertView }) {
  const told = alert.told.filter(({ tells }) => tells === 'alert')
  return told.length === 0 ? (
    <P>{words.nobodyTold}</P>
  ) : (
    // three rounds held back at one moment are said once
    <Bullets items={[...new Set(told.map((one) => notificationSentence(one, alert.timeZone)))]} />
  )
}

export interface InQueue extends AlertShown {
  receivers: readonly AlertReceiver[]
}

export function QueuePage(props: {
  organisation: string
  /** left by telephone, and nobody has dealt with them */
  messages: number
  waiting: readonly InQueue[]
  yours: readonly InQueue[]
}) {
  return (
    <>
      <Heading>{words.queueTitle}</Heading>
      <P lead>{words.queueLead(props.organisation)}</P>
      {props.waiting.length === 0 && <P>{words.queueEmpty}</P>}
      {props.waiting.map((shown) => (
        <QueueItem key={shown.alert.id} shown={shown} />
      ))}
      {props.yours.length > 0 && <h2 class="govuk-heading-l">{words.inYourHands}</h2>}
      {props.yours.map((shown) => (
        <QueueItem key={shown.alert.id} shown={shown} />
      ))}
      <h2 class="govuk-heading-m">{words.besides}</h2>
      <P>
        <Link href="/forecast">{words.toForecast}</Link>
      </P>
      <P>
        <Link href="/status">{words.toStatus}</Link>
      </P>
      <P>
        <Link href="/outages">{words.toOutages}</Link>
      </P>
      <P>
        <Link href="/queue/messages">{ringInWords.waiting(props.messages)}</Link>
      </P>
    </>
  )
}

function QueueItem({ shown }: { shown: InQueue }) {
  const { alert, standing, now } = shown
  const base = `/queue/${alert.id}`
  const isYours = standing.is === 'yours'
  const openMs = now.getTime() - alert.openedAt.getTime()
  return (
    <StatusPanel
      id={`alert-${alert.id}`}
      mood={isYours ? 'waiting' : alert.state === 'open' ? 'attention' : 'bad'}
      icon="bell"
      title={alertHeadline(alert)}
    >
      <P lead>
        {words.openFor}{' '}
        <strong>
          <running-clock data-elapsed={Math.floor(openMs / 1000)}>{durationInWords(openMs)}</running-clock>
        </strong>
      </P>
      <P>{isYours ? yoursSentence(alert) : standingSentence(alert)}</P>
      {alert.state === 'open' && alert.wakeAt && <P>{words.nextStep(alert.wakeAt, alert.timeZone)}</P>}
      {isYours ? (
        <Outcomes alert={alert} base={base} />
      ) : (
        <Accept
          base={base}
          text={standing.is === 'accepted' ? words.help : words.accept}
          hiddenText={words.acceptFor(alert.receiverName)}
        />
      )}
      <GettingThere shown={shown} />
      <Details summary={words.contacts} id={`contacts-${alert.id}`}>
        <Bullets
          items={shown.receivers.map((receiver) => (
            <ContactLine key={receiver.personId} receiver={receiver} />
          ))}
        />
      </Details>
      <Details summary={words.whatHappened} id={`happened-${alert.id}`}>
        <Bullets
          items={[
            words.due(alert, now),
            ...shown.attempts.map(({ result, at }) => words.attempt(result, at, alert.timeZone)),
          ]}
        />
        <ToldList alert={alert} />
      </Details>
    </StatusPanel>
  )
}

function ContactLine({ receiver }: { receiver: AlertReceiver }) {
  const channels = receiver.channels.map((channel) => words.channel[channel])
  return (
    <>
      {words.contact(receiver.name, channels)}
      {receiver.phone && (
        <>
          {': '}
          <a class="govuk-link" href={`tel:${receiver.phone}`}>
            <PhoneNumber>{displayNumber(receiver.phone)}</PhoneNumber>
          </a>
        </>
      )}
    </>
  )
}
