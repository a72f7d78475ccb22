// Services / views: the pages of a service as HTML. Pure: everything is passed in. Called by pages.tsx.
import { type AlertView, isAboutCall } from '../alerts/alerts.ts'
import type { CallEventView, CallView } from '../calls/calls.ts'
import { displayNumber, isMobile } from '../kit/phone-number.ts'
import { dateInWords, dayAndTime, dayAndTimeInSentence, timeInWords } from '../kit/words-of-time.ts'
import type { OptOutReason } from '../lines/lines.ts'
import { type RingIn, ringInSentence, ringInWords } from '../ringin/ringin.ts'
import type { Schedule } from '../schedules/schedules.ts'
import {
  Bullets,
  Details,
  Heading,
  InsetText,
  Link,
  P,
  PhoneNumber,
  StatusPanel,
  SummaryList,
  Table,
  Tag,
  Timeline,
  type TimelineItem,
} from '../web/components.tsx'
import { DateInput, TextInput } from '../web/fields.tsx'
import { Button, ButtonGroup, type Errors, Form, LinkButton } from '../web/forms.tsx'
import { lastBefore, moodOf, saysNext, type Today, type TodayFacts, today } from './status.ts'
import type { Pause, ServicePlan, Stakeholder } from './store.ts'
import {
  alertHistory,
  attemptSentence,
  callSentence,
  eventSentence,
  nameOfAttempt,
  scheduleSentence,
  toldInWords,
  words,
} from './words.ts'
import { settingsWords } from './words-of-settings.ts'

export interface ServiceShown extends TodayFacts {
  plan: ServicePlan
  /** test calls too */
  allCalls: readonly CallView[]
  alerts: readonly AlertView[]
  pauses: readonly Pause[]
  stakeholders: readonly Stakeholder[]
  schedules: readonly Schedule[]
  /** numbers of theirs that no text leaves to, and why */
  optOuts: ReadonlyMap<string, OptOutReason>
  ringIns: readonly RingInShown[]
  /** E.164; the receiver can ring it at any time */
  lineNumber: string
}

/** A call that the receiver made to us. */
export interface RingInShown {
  ringIn: RingIn
  /** for operators only, else null */
  exchanges: ExchangesOfAttempt['rows'] | null
}

export function ServiceList(props: {
  services: readonly { serviceId: string; name: string; today: Today }[]
  unfinished: readonly { id: string }[]
  /** watches an organisation's queue */
  watches: boolean
}) {
  return (
    <>
      <Heading size="l">{words.yourCalls}</Heading>
      {props.watches && (
        <P>
          <Link href="/queue">{words.queue}</Link>
        </P>
      )}
      {props.services.length === 0 && <P lead>{words.noServices}</P>}
      {props.services.map(({ serviceId, name, today: { mood, icon, title } }) => (
        <StatusPanel
          key={serviceId}
          id={`service-${serviceId}`}
          mood={mood}
          {...(icon && { icon })}
          title={name}
        >
          <P>{title}</P>
          <P>
            <Link href={`/services/${serviceId}`}>{words.open(name)}</Link>
          </P>
        </StatusPanel>
      ))}
      <ButtonGroup>
        <LinkButton href="/setup" look={props.services.length === 0 ? 'primary' : 'secondary'}>
          {props.unfinished.length > 0
            ? words.goOn
            : props.services.length === 0
              ? words.setUp
              : words.setUpAnother}
        </LinkButton>
      </ButtonGroup>
    </>
  )
}

export function ServicePage({ shown }: { shown: ServiceShown }) {
  const { plan, name, zone, now } = shown
  const state = today(shown)
  const base = `/services/${plan.serviceId}`
  const clearable = callToClear(shown)
  const before = lastBefore(shown)
  const takesTexts = plan.phones.some((phone) => isMobile(phone) && !shown.optOuts.has(phone))
  const isWrittenTo = shown.schedules.some(({ by }) => by !== 'call')
  const isOnlyWritten =
    takesTexts && shown.schedules.length > 0 && shown.schedules.every(({ by }) => by === 'text')
  // a test tries the first call of the day in its first way
  const isTestWritten = takesTexts && shown.schedules[0]?.by === 'text'
  return (
    <>
      <Heading size="l">{words.serviceTitle(name)}</Heading>
      <StatusPanel mood={state.mood} {...(state.icon && { icon: state.icon })} title={state.title}>
        {shown.alert && <AlertFacts alert={shown.alert} shown={shown} />}
        {before && <P>{before}</P>}
        {plan.endedAt && (
          <>
            <P>{settingsWords.stoppedOn(name, dayAndTimeInSentence(plan.endedAt, zone, now))}</P>
            <Form action={`${base}/stop`} method="delete">
              <Button>{settingsWords.startAgain}</Button>
            </Form>
          </>
        )}
        {shown.next && !shown.ended && !isHeld(shown) && !saysNext(shown) && (
          <P>
            <strong>{words.nextCall}:</strong> {dayAndTime(shown.next.dueAt, zone, now)}
          </P>
        )}
        {clearable && (
          <Form action={`${base}/calls/${clearable.id}/acknowledgement`} once>
            <Button look="secondary">{words.allRightNow(name)}</Button>
          </Form>
        )}
      </StatusPanel>
      {!shown.ended && (
        <>
          <ButtonGroup>
            <Form action={`${base}/test-calls`} once>
              <Button look={shown.allCalls.length === 0 ? 'primary' : 'secondary'}>
                {isTestWritten ? words.textNow : words.ringNow}
              </Button>
            </Form>
            <LinkButton href={`${base}/pause`} look="secondary">
              {words.pause}
            </LinkButton>
          </ButtonGroup>
          <P>{isTestWritten ? words.textNowHint(name) : words.ringNowHint(name)}</P>
          <PauseNotes shown={shown} />
        </>
      )}
      <h2 class="govuk-heading-m">{words.recent}</h2>
      {shown.allCalls.length + shown.ringIns.length === 0 ? (
        <P>{words.nothingYet}</P>
      ) : (
        <CallTimeline
          calls={shown.allCalls}
          alerts={shown.alerts.filter((alert) => alert !== shown.alert)}
          ringIns={shown.ringIns}
          plan={plan}
          now={now}
        />
      )}
      {shown.allCalls.length > 0 && (
        <P>
          <Link href={`${base}/calls`}>{words.seeAll}</Link>
        </P>
      )}
      <WhoIsTold shown={shown} />
      <h2 class="govuk-heading-m">{words.howItIsSet}</h2>
      <SummaryList
        rows={[
          {
            key: isOnlyWritten ? words.writtenTo : words.rung,
            value: plan.phones.map((phone) => (
              <div key={phone}>
                <PhoneNumber>{displayNumber(phone)}</PhoneNumber>
                {isWrittenTo && whyRung(shown, phone)}
              </div>
            )),
          },
          {
            key: words.when,
            value: shown.schedules.map((schedule) => (
              <div key={schedule.id}>{scheduleSentence(schedule)}</div>
            )),
          },
          {
            key: isOnlyWritten ? words.texts : words.tries,
            value: isOnlyWritten
              ? words.textsInWords(plan.attempts, plan.gapMinutes)
              : words.triesInWords(plan.attempts, plan.gapMinutes),
          },
          {
            key: settingsWords.lineRow,
            value: (
              <>
                <PhoneNumber>{displayNumber(shown.lineNumber)}</PhoneNumber>
                <div>{settingsWords.lineMeans(name)}</div>
              </>
            ),
          },
          {
            key: settingsWords.pinRow,
            value: plan.hasPin ? settingsWords.pinIsSet : settingsWords.pinIsNot,
            change: { href: `${base}/pin`, what: settingsWords.pinChange },
          },
          {
            key: settingsWords.voicemailRow,
            value: settingsWords.voicemail[plan.voicemail],
            change: { href: `${base}/answerphone`, what: settingsWords.voicemailChange },
          },
        ]}
      />
      <P>
        <Link href={`${base}/recordings`}>{words.messages}</Link>
      </P>
      <P>
        <Link href={`${base}/change`}>{words.change}</Link>
      </P>
      {!shown.ended && (
        <P>
          <Link href={`${base}/stop`}>{settingsWords.stopLink}</Link>
        </P>
      )}
    </>
  )
}

/** The next call falls into a pause, so it is none. */
const isHeld = ({ next, pauses }: ServiceShown): boolean =>
  next !== null && pauses.some(({ from, to }) => from <= next.localDate && next.localDate <= to)

/** The newest call of today that a stakeholder can settle by saying that all is well. */
function callToClear(shown: ServiceShown): CallView | null {
  const { alert } = shown
  const about = alert && shown.calls.find((call) => isAboutCall(alert, call.id))
  return about ?? shown.calls.find((call) => call.state !== 'closed') ?? null
}

function AlertFacts({ alert, shown }: { alert: AlertView; shown: ServiceShown }) {
  // the first says what happened, and so does the title above
  const facts = alertHistory(alert, shown.name, shown.zone).slice(1)
  return (
    <>
      {facts.length > 0 && <Bullets items={facts} />}
      {alert.wakeAt && alert.state === 'open' && (
        <P>{words.nextStep(timeInWords(alert.wakeAt, shown.zone))}</P>
      )}
    </>
  )
}

function PauseNotes({ shown }: { shown: ServiceShown }) {
  if (shown.pauses.length === 0) return null
  return (
    <InsetText>
      {shown.pauses.map((pause) => (
        <P key={pause.id}>
          {words.pauseInWords(
            pause.from <= shown.today,
            dateInWords(pause.from, shown.today),
            dateInWords(pause.to, shown.today),
            pause.reason,
          )}
        </P>
      ))}
      <Form action={`/services/${shown.plan.serviceId}/pause`} method="delete">
        <Button look="secondary">{shown.pausedUntil === null ? words.takeBack : words.resume}</Button>
      </Form>
    </InsetText>
  )
}

/** Beside a number that was to be written to. */
function whyRung({ optOuts }: ServiceShown, phone: string) {
  const why = optOuts.get(phone)
  return why ? <P>{words.rungInstead(words.noTexts[why])}</P> : null
}

function WhoIsTold({ shown }: { shown: ServiceShown }) {
  const receivers = shown.stakeholders.filter((person) => person.roles.includes('alert receiver'))
  return (
    <>
      <h2 class="govuk-heading-m">{words.whoIsTold(shown.name)}</h2>
      {receivers.length === 0 ? (
        <P>{words.nobodyIsTold}</P>
      ) : (
        <SummaryList
          rows={receivers.map((person) => ({
            key: person.name,
            value: toldInWords(person, shown.optOuts.get(person.phone ?? '') ?? null),
          }))}
        />
      )}
      <Unproved shown={shown} receivers={receivers} />
    </>
  )
}

/** Numbers that nobody has confirmed hold the alerts back: plainly, with the way to put it right. */
function Unproved({ shown, receivers }: { shown: ServiceShown; receivers: readonly Stakeholder[] }) {
  const unproved = receivers.filter(({ phone, isConfirmed }) => phone !== null && !isConfirmed)
  if (unproved.length === 0) return null
  return (
    <InsetText>
      <P>{words.unproved(unproved.map(({ name }) => name))}</P>
      <P>{words.unprovedHint(shown.name)}</P>
      <LinkButton href={`/services/${shown.plan.serviceId}/numbers`} look="secondary">
        {words.confirmNumbers}
      </LinkButton>
    </InsetText>
  )
}

/** Calls as rows of a timeline, each a sentence with every ring and what it found, and with the alert it raised. */
export function CallTimeline(props: {
  calls: readonly CallView[]
  alerts: readonly AlertView[]
  ringIns?: readonly RingInShown[]
  plan: ServicePlan
  now: Date
}) {
  const { plan, now } = props
  const ringIns = (props.ringIns ?? []).map((shown) => ringInItem(shown, plan, now))
  const calls = props.calls.map((call): TimelineItem => {
    const { tag, says } = callSentence(call, plan.receiverName, plan.timeZone)
    const alert = props.alerts.find((one) => isAboutCall(one, call.id))
    return {
      key: call.id,
      when: dayAndTime(call.dueAt, plan.timeZone, now),
      at: call.dueAt.toISOString(),
      mood: moodOf(call),
      tag,
      says: (
        <>
          {call.isTest && <Tag mood="quiet">{words.test}</Tag>} {says}
        </>
      ),
      children: (
        <>
          {tellsMore(call) && (
            <Bullets
              items={call.attempts.map((attempt) => attemptSentence(attempt, plan.timeZone, plan.phones))}
            />
          )}
          {alert && <Bullets items={alertHistory(alert, plan.receiverName, plan.timeZone)} />}
          <P>
            <Link href={`/services/${plan.serviceId}/calls/${call.id}`}>
              {words.details}
              <span class="govuk-visually-hidden"> {dayAndTime(call.dueAt, plan.timeZone, now)}</span>
            </Link>
          </P>
        </>
      ),
    }
  })
  const newestFirst = (a: TimelineItem, b: TimelineItem) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1)
  return <Timeline items={[...calls, ...ringIns].sort(newestFirst)} />
}

function ringInItem({ ringIn, exchanges }: RingInShown, plan: ServicePlan, now: Date): TimelineItem {
  return {
    key: ringIn.id,
    when: dayAndTime(ringIn.startedAt, plan.timeZone, now),
    at: ringIn.startedAt.toISOString(),
    mood: 'quiet',
    icon: 'phone',
    tag: ringInWords.tag,
    says: ringInSentence(ringIn, plan.receiverName, plan.timeZone),
    children: exchanges && (
      <Details summary={ringInWords.exchanges} id={`exchanges-${ringIn.id}`}>
        <Table
          head={[words.time, words.asked, words.answer]}
          rows={exchanges.map((row) => [clock(row.at, plan.timeZone), row.did, row.answered])}
        />
      </Details>
    ),
  }
}

/** Of a call that was answered at the first ring the sentence has said all. */
const tellsMore = (call: CallView) =>
  call.attempts.length > 1 || (call.attempts.length === 1 && call.outcome !== 'acknowledged')

export function AllCalls(props: { plan: ServicePlan; calls: readonly CallView[]; now: Date; more: boolean }) {
  const last = props.calls.at(-1)
  return (
    <>
      <Heading size="l">{words.allCalls(props.plan.receiverName)}</Heading>
      {props.calls.length === 0 ? (
        <P>{words.nothingYet}</P>
      ) : (
        <CallTimeline calls={props.calls} alerts={[]} plan={props.plan} now={props.now} />
      )}
      {props.more && last && (
        <P>
          <Link href={`/services/${props.plan.serviceId}/calls?before=${last.id}`}>{words.older}</Link>
        </P>
      )}
    </>
  )
}

export interface ExchangesOfAttempt {
  attempt: number
  rows: readonly { at: Date; did: string; answered: string; tookMs: number | null }[]
}

/** Everything about one call: the page for three in the morning. */
export function OneCall(props: {
  title: string
  plan: ServicePlan
  call: CallView
  history: readonly CallEventView[]
  alerts: readonly AlertView[]
  exchanges: readonly ExchangesOfAttempt[] | null
  now: Date
}) {
  const { plan, call } = props
  const zone = plan.timeZone
  const { tag, says } = callSentence(call, plan.receiverName, zone)
  return (
    <>
      <Heading size="l">{props.title}</Heading>
      <StatusPanel mood={moodOf(call)} title={says}>
        <P>
          <Tag mood={moodOf(call)}>{tag}</Tag> {call.isTest && <Tag mood="quiet">{words.test}</Tag>}
        </P>
      </StatusPanel>
      <h2 class="govuk-heading-m">
        {words.attempts[call.by === 'call' || call.by === 'text' ? call.by : 'both']}
      </h2>
      {call.attempts.length === 0 ? (
        <P>{words.noAttempt[call.by === 'text' ? 'text' : 'call']}</P>
      ) : (
        <Bullets items={call.attempts.map((attempt) => attemptSentence(attempt, zone, plan.phones))} />
      )}
      {props.alerts.map((alert) => (
        <section key={alert.id} aria-label={words.alerts}>
          <h2 class="govuk-heading-m">{words.alerts}</h2>
          <Bullets items={alertHistory(alert, plan.receiverName, zone)} />
        </section>
      ))}
      <h2 class="govuk-heading-m">{words.steps}</h2>
      <Table
        head={[words.time, words.whatHappened]}
        rows={props.history.map((event) => [clock(event.at, zone), eventSentence(event, zone, call)])}
      />
      {props.exchanges && (
        <Details summary={words.exchanges}>
          {props.exchanges.every(({ rows }) => rows.length === 0) && <P>{words.exchangesNone}</P>}
          {props.exchanges
            .filter(({ rows }) => rows.length > 0)
            .map(({ attempt, rows }) => (
              <Table
                key={attempt}
                caption={nameOfAttempt(
                  call.attempts.find(({ number }) => number === attempt) ?? { way: 'call', number: attempt },
                )}
                captionSize="s"
                head={[words.time, words.asked, words.answer]}
                rows={rows.map((row) => [
                  clock(row.at, zone),
                  row.did,
                  <span key="answer" class="app-break">
                    {row.tookMs === null ? row.answered : `${row.answered} (${row.tookMs} ms)`}
                  </span>,
                ])}
              />
            ))}
        </Details>
      )}
    </>
  )
}

/** To the second, for engineers. */
const clock = (at: Date, zone: string) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(at)

export function PausePage(props: {
  serviceId: string
  title: string
  values: Readonly<Record<string, string>>
  errors?: Errors
}) {
  const { values, errors } = props
  const date = (field: string) => ({
    day: values[`${field}-day`] ?? '',
    month: values[`${field}-month`] ?? '',
    year: values[`${field}-year`] ?? '',
  })
  return (
    <>
      <Heading size="l">{props.title}</Heading>
      <P>{words.pauseLead}</P>
      <Form action={`/services/${props.serviceId}/pause`} once>
        <DateInput name="from" label={words.pauseFrom} value={date('from')} errors={errors} />
        <DateInput name="to" label={words.pauseTo} value={date('to')} errors={errors} />
        <TextInput name="reason" label={words.pauseReason} value={values.reason} errors={errors} />
        <Button>{words.pauseSave}</Button>
      </Form>
    </>
  )
}
