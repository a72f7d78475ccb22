// Recorder / views: the page of a take, and the messages of a service with the ways to record them. Pure: everything is passed in.
// Called by pages.tsx.
import { displayNumber } from '../kit/phone-number.ts'
import type { ExchangeView } from '../lines/lines.ts'
import { type Message, shown } from '../messages/messages.ts'
import { describeRule, ruleOf, type Schedule } from '../schedules/schedules.ts'
import {
  Bullets,
  Details,
  Heading,
  InsetText,
  Link,
  NotificationBanner,
  P,
  PhoneNumber,
  StatusPanel,
  SummaryList,
  Table,
} from '../web/components.tsx'
import { FileUpload, TextInput } from '../web/fields.tsx'
import { Button, ButtonGroup, type Errors, Form, Hidden, LinkButton } from '../web/forms.tsx'
import { VoiceRecorder } from '../web/islands.tsx'
import { RingMe } from './ring-me.tsx'
import { type Standing, standingOf, type TakeFacts } from './shown.ts'
import type { Take, Tape } from './store.ts'
import { codeInWords, suggestion, words } from './words.ts'

// ── a take ──────────────────────────────────────────────────────────────────────────────────────────────────────

export interface TakeShown extends TakeFacts {
  take: Take
  /** where another way to record is */
  otherWay: string
  /** for operators: what was said between us and the telephone company; null for anybody else */
  company: { exchanges: readonly ExchangeView[]; tapes: readonly Tape[] } | null
}

export function TakePage({ shown: facts }: { shown: TakeShown }) {
  const { take } = facts
  const now = standingOf(facts)
  return (
    <>
      <Heading size="l">{words.title}</Heading>
      <StatusPanel
        mood={now.mood}
        {...(now.mood === 'waiting' && { icon: 'phone' as const })}
        title={now.title}
      >
        <P>{now.says}</P>
      </StatusPanel>
      {now.canUse && <Listen take={take} />}
      {now.canUse || <WhatToSay take={take} />}
      <After take={take} now={now} otherWay={facts.otherWay} />
      {take.state.is !== 'over' && (
        <P>
          {words.refreshHint} <Link href={`/takes/${take.id}`}>{words.refresh}</Link>
        </P>
      )}
      {facts.company && <Company {...facts.company} />}
    </>
  )
}

function Listen({ take }: { take: Take }) {
  const sound = `/takes/${take.id}/recordings/${take.state.recordingId}`
  return (
    <>
      <p>
        {/* biome-ignore lint/a11y/useMediaCaption: it is the voice of the person who reads this, recorded just now */}
        <audio class="app-audio" controls preload="metadata" src={sound} aria-label={words.player} />
      </p>
      <Form action={take.messageId ? `/takes/${take.id}/use` : (take.usePath ?? '')} once>
        <Hidden name="take" value={take.id} />
        <Button>{words.use}</Button>
      </Form>
      <Details summary={words.openAlone}>
        <a class="govuk-link" href={sound}>
          {words.player}
        </a>
      </Details>
    </>
  )
}

/** The script: it stands on the screen while somebody has the telephone at their ear. */
function WhatToSay({ take }: { take: Take }) {
  return (
    <section aria-labelledby="what-to-say">
      <h2 class="govuk-heading-m" id="what-to-say">
        {words.whatToSay}
      </h2>
      <P>{words.around(take.receiverName)}</P>
      <P>{words.forExample}</P>
      <InsetText>
        <p class="govuk-body-l">{suggestion(take.kind, take.receiverName)}</p>
      </InsetText>
    </section>
  )
}

function After({ take, now, otherWay }: { take: Take; now: Standing; otherWay: string }) {
  if (take.state.is !== 'over') return null
  return (
    <ButtonGroup>
      {now.canRing && take.toNumber && (
        <Form action={`/takes/${take.id}/again`} once>
          <Button look={now.canUse ? 'secondary' : 'primary'}>{words.again}</Button>
        </Form>
      )}
      <Link href={otherWay}>{now.canUse || now.canRing ? words.otherNumber : words.toRecordings}</Link>
    </ButtonGroup>
  )
}

/** For operators: what passed between us and the telephone company, and that it has forgotten what it recorded. */
function Company({ exchanges, tapes }: { exchanges: readonly ExchangeView[]; tapes: readonly Tape[] }) {
  return (
    <Details summary={words.company}>
      {tapes.length > 0 && <Bullets items={tapes.map((tape) => words.tape(tape))} />}
      <Table
        head={[words.time, words.asked, words.answer]}
        rows={exchanges.map((row) => [row.at.toISOString().slice(11, 19), row.did, row.answered])}
      />
    </Details>
  )
}

// ── the messages of a service ───────────────────────────────────────────────────────────────────────────────────

export interface MessageRow {
  schedule: Schedule
  message: Message
}

export function RecordingsPage(props: {
  serviceId: string
  receiverName: string
  rows: readonly MessageRow[]
  codes: readonly { id: string; name: string; until: string }[]
  /** creators and recorders record; others only see what is heard */
  mayRecord: boolean
  isNew: boolean
}) {
  const base = `/services/${props.serviceId}`
  return (
    <>
      {props.isNew && (
        <NotificationBanner kind="success">{words.isUsed(props.receiverName)}</NotificationBanner>
      )}
      <Heading size="l">{words.recordings(props.receiverName)}</Heading>
      <P>{words.recordingsLead}</P>
      <SummaryList
        rows={props.rows.map(({ schedule, message }) => ({
          key: describeRule(ruleOf(schedule)),
          value: <Heard base={base} message={message} mayRecord={props.mayRecord} />,
          ...(props.mayRecord && {
            change: {
              href: `${base}/recordings/${message.id}`,
              what: describeRule(ruleOf(schedule)),
              text: message.recording ? words.recordAgain : words.record,
            },
          }),
        }))}
      />
      {props.codes.length > 0 && (
        <>
          <h2 class="govuk-heading-m">{words.codes}</h2>
          <ul class="govuk-list">
            {props.codes.map(({ id, name, until }) => (
              <li key={id}>
                <Link href={`${base}/recorder-codes/${id}`}>{words.codeTitle(name)}</Link>.{' '}
                {words.goodUntil(until)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Heard({ base, message, mayRecord }: { base: string; message: Message; mayRecord: boolean }) {
  if (message.recordingMissing) return <>{shown.recordingMissing(message.presetTitle)}</>
  if (message.kind === 'spoken') return <>{shown.spoken(message.spokenText ?? '')}</>
  if (!message.recording) return <>{shown.preset(message.presetTitle)}</>
  return (
    <>
      <P>{shown.recording(message.recording.recorderName)}</P>
      {mayRecord && (
        // biome-ignore lint/a11y/useMediaCaption: a voice that somebody recorded has no written words
        <audio
          class="app-audio"
          controls
          preload="none"
          src={`${base}/recordings/${message.id}/sound`}
          aria-label={words.player}
        />
      )}
    </>
  )
}

/** The ways to record one message: here, with a file, by telephone, or somebody else. */
export function RecordPage(props: {
  serviceId: string
  messageId: string
  receiverName: string
  kind: Schedule['kind']
  worklet: string
  number: string
  /** whether this person may let somebody else record */
  mayLetOthers: boolean
  typed: Readonly<Record<string, string>>
  errors?: Errors | undefined
}) {
  const { errors, typed, receiverName } = props
  const action = `/services/${props.serviceId}/recordings/${props.messageId}`
  return (
    <>
      <Heading size="l">{words.recordQuestion(receiverName)}</Heading>
      <P>{words.around(receiverName)}</P>
      <P>{words.forExample}</P>
      <InsetText>{suggestion(props.kind, receiverName)}</InsetText>
      <VoiceRecorder worklet={props.worklet}>
        <Form action={action} upload once>
          <FileUpload
            name="recording"
            label={words.file}
            labelSize="s"
            hint={words.fileHint}
            errors={errors}
            accept="audio/*"
          />
          <Button>{words.sendFile}</Button>
        </Form>
      </VoiceRecorder>
      <h2 class="govuk-heading-m">{words.byPhone}</h2>
      <Form action={`${action}/takes`} once>
        <RingMe number={typed.number ?? props.number} errors={errors} />
      </Form>
      {props.mayLetOthers && (
        <>
          <h2 class="govuk-heading-m">{words.letOther}</h2>
          <P>{words.letOtherHint}</P>
          <Form action={`${action}/recorder-codes`} once>
            <TextInput
              name="name"
              label={words.otherName}
              value={typed.name}
              errors={errors}
              autoComplete="off"
              spellcheck={false}
              width={20}
            />
            <TextInput
              name="email"
              type="email"
              label={words.otherEmail}
              value={typed.email}
              errors={errors}
              autoComplete="off"
            />
            <TextInput
              name="mobile"
              type="tel"
              label={words.otherMobile}
              value={typed.mobile}
              errors={errors}
              autoComplete="off"
              width={20}
            />
            <Button look="secondary">{words.makeCode}</Button>
          </Form>
        </>
      )}
    </>
  )
}

/** A code to be told to somebody. */
export function CodePage(props: {
  serviceId: string
  codeId: string
  name: string
  lineNumber: string
  code: string
  until: string
  /** over what it was sent: "e-mail and text"; '' when it was not */
  sent: string
}) {
  return (
    <>
      <Heading size="l">{words.codeTitle(props.name)}</Heading>
      <P>{props.sent ? words.codeSent(props.sent) : words.codeNotSent}</P>
      <InsetText>
        <p class="govuk-body-l">
          {words.codeRing('')} <PhoneNumber>{displayNumber(props.lineNumber)}</PhoneNumber>
          <br />
          {words.codeType('')} <strong class="app-nowrap">{codeInWords(props.code)}</strong>
        </p>
        <P>{words.codeThen}</P>
      </InsetText>
      <P>{words.codeGood(props.until)}</P>
      <ButtonGroup>
        <LinkButton href={`/services/${props.serviceId}/recordings`}>{words.toRecordings}</LinkButton>
        <Form action={`/services/${props.serviceId}/recorder-codes/${props.codeId}`} method="delete">
          <Button look="secondary">{words.takeBack}</Button>
        </Form>
      </ButtonGroup>
    </>
  )
}
