// Verification / views: the telephone numbers of a service with their state, and the page that confirms one. Pure. Called by pages.tsx.
import { displayNumber, isMobile } from '../kit/phone-number.ts'
import { timeInWords } from '../kit/words-of-time.ts'
import { Heading, InsetText, NotificationBanner, P, SummaryList, Tag } from '../web/components.tsx'
import { TextInput } from '../web/fields.tsx'
import { Button, ButtonGroup, type Errors, Form, LinkButton } from '../web/forms.tsx'
import { goodForMinutes } from './judge.ts'
import type { Verification } from './store.ts'
import { words } from './words.ts'

export interface NumberShown {
  personId: string
  name: string
  /** E.164 */
  phone: string
  isConfirmed: boolean
  isDenied: boolean
  isMe: boolean
}

export function NumbersPage(props: {
  serviceId: string
  receiverName: string
  numbers: readonly NumberShown[]
  /** somebody was confirmed just now */
  done: NumberShown | null
}) {
  const { numbers, receiverName, serviceId, done } = props
  const areAll = numbers.length > 0 && numbers.every(({ isConfirmed }) => isConfirmed)
  return (
    <>
      {done && (
        <NotificationBanner kind="success">
          {words.isConfirmedNow(done.name, displayNumber(done.phone))}
        </NotificationBanner>
      )}
      <Heading size="l">{words.title}</Heading>
      <P>{words.lead(receiverName)}</P>
      {numbers.length === 0 && <P>{words.nobody}</P>}
      {areAll ? <P>{words.allDone}</P> : <P>{words.until(receiverName)}</P>}
      <SummaryList
        rows={numbers.map((one) => ({
          key: one.name,
          value: (
            <>
              <span class="app-nowrap">{displayNumber(one.phone)}</span>
              <br />
              <StateOf one={one} />
            </>
          ),
          ...(!one.isConfirmed && {
            change: {
              href: `/services/${serviceId}/numbers/${one.personId}`,
              what: displayNumber(one.phone),
              text: words.confirm,
            },
          }),
        }))}
      />
      <LinkButton href={`/services/${serviceId}`} look={areAll ? 'primary' : 'secondary'}>
        {words.toService(receiverName)}
      </LinkButton>
    </>
  )
}

function StateOf({ one }: { one: NumberShown }) {
  if (one.isConfirmed) return <Tag mood="good">{words.confirmed}</Tag>
  if (!one.isDenied) return <Tag mood="attention">{words.notConfirmed}</Tag>
  return (
    <>
      <Tag mood="bad">{words.denied}</Tag>
      <P>{words.deniedHint}</P>
    </>
  )
}

export function OneNumberPage(props: {
  serviceId: string
  one: NumberShown
  /** sent last, and not ended; null: nothing was */
  sent: Verification | null
  zone: string
  typed: string
  errors?: Errors | undefined
}) {
  const { one, sent, errors } = props
  const action = `/services/${props.serviceId}/numbers/${one.personId}`
  return (
    <>
      <Heading size="l">{one.isMe ? words.yourTitle : words.oneTitle(one.name)}</Heading>
      {sent ? (
        <>
          <CodeSent sent={sent} zone={props.zone} />
          <Form action={`${action}/confirmation`}>
            <P>{one.isMe ? words.typeIt : words.ask(one.name)}</P>
            <TextInput
              name="code"
              label={words.code}
              hint={words.codeHint(goodForMinutes)}
              value={props.typed}
              errors={errors}
              width={5}
              inputMode="numeric"
              autoComplete="one-time-code"
            />
            <Button>{words.check}</Button>
          </Form>
          <h2 class="govuk-heading-m">{words.sendAgain}</h2>
        </>
      ) : (
        <P>{words.oneLead(displayNumber(one.phone))}</P>
      )}
      <ButtonGroup>
        {isMobile(one.phone) && (
          <Form action={`${action}/codes/text`} once>
            <Button look={sent ? 'secondary' : 'primary'}>{words.sendText}</Button>
          </Form>
        )}
        <Form action={`${action}/codes/call`} once>
          <Button look={sent || isMobile(one.phone) ? 'secondary' : 'primary'}>{words.sendCall}</Button>
        </Form>
      </ButtonGroup>
    </>
  )
}

function CodeSent({ sent, zone }: { sent: Verification; zone: string }) {
  const [number, time] = [displayNumber(sent.number), timeInWords(sent.sentAt, zone)]
  const became = sent.result === null ? null : words.became(sent.result)
  return (
    <InsetText>
      <span data-announce>
        {sent.channel === 'text' ? words.sentText(number, time) : words.sentCall(number, time)}
        {became && ` ${became}`}
      </span>
    </InsetText>
  )
}
