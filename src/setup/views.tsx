// Setup / views: the pages that are no questions: the beginning, the check page, the end. Pure. Called by pages.tsx.
import { Bullets, InsetText, Link, P, Panel, SummaryList, WarningText } from '../web/components.tsx'
import { Button, Form, Hidden, LinkButton } from '../web/forms.tsx'
import type { Answers } from './answers.ts'
import type { Asking } from './step.tsx'
import { calledOf } from './steps/who.tsx'
import {
  alertRows,
  callRows,
  deliveryRows,
  isRung,
  isWritten,
  NextCalls,
  type Showing,
  whoRows,
} from './summary.tsx'
import { words } from './words.ts'
import { summaryWords } from './words-of-summary.ts'

export interface Unfinished {
  id: string
  /** of whoever is to be called, or null while that was not asked */
  name: string | null
  /** "yesterday at 9pm" */
  saved: string
}

/** The first page of all, and the way back to what was begun. */
export function Begin({ unfinished }: { unfinished: readonly Unfinished[] }) {
  const say = words.begin
  return (
    <>
      <h1 class="govuk-heading-l">{say.title}</h1>
      {unfinished.length > 0 && <Begun unfinished={unfinished} />}
      <P lead>{say.lead}</P>
      <P>{say.takes}</P>
      <P>{say.need}</P>
      <Bullets items={say.needs} />
      <Form action="/setup" once>
        <Button look={unfinished.length > 0 ? 'secondary' : 'primary'}>
          {unfinished.length > 0 ? say.startNew : say.start}
        </Button>
      </Form>
    </>
  )
}

function Begun({ unfinished }: { unfinished: readonly Unfinished[] }) {
  const say = words.begin
  return (
    <section>
      <h2 class="govuk-heading-m">{say.unfinished}</h2>
      <ul class="app-rows">
        {unfinished.map(({ id, name, saved }, place) => (
          <li key={id} class="app-rows__row">
            <h3 class="app-rows__title">{say.unfinishedFor(name)}</h3>
            <p>{say.lastSaved(saved)}</p>
            <div class="app-rows__buttons">
              <LinkButton href={`/setup/${id}`} look={place === 0 ? 'primary' : 'secondary'}>
                {say.goOn}
                <span class="govuk-visually-hidden"> {say.dropWhat(name)}</span>
              </LinkButton>
              <a class="govuk-link" href={`/setup/${id}/drop`}>
                {say.drop}
                <span class="govuk-visually-hidden"> {say.dropWhat(name)}</span>
              </a>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Asks before everything typed is lost. */
export function Drop({ base, name }: { base: string; name: string | null }) {
  return (
    <>
      <h1 class="govuk-heading-l">{words.drop.question(name)}</h1>
      <P>{words.drop.says}</P>
      <Form action={base} method="delete">
        <Button look="warning">{words.drop.yes}</Button>
      </Form>
      <P>
        <Link href="/setup">{words.drop.no}</Link>
      </P>
    </>
  )
}

export interface CheckProps {
  answers: Answers
  asking: Asking
  base: string
  isChange: boolean
  /** of the answers shown, so that a change in another window is noticed */
  version: number
  /** of a change: something was changed and is not saved yet */
  isBegun: boolean
}

/** All answers at one look, what they mean, and the button that starts the calls. */
export function Check({ answers, asking, base, isChange, isBegun, version }: CheckProps) {
  const say = summaryWords.check
  const r = calledOf(answers)
  const showing: Showing = { answers, asking, base, from: 'check' }
  return (
    <>
      <h1 class="govuk-heading-l">{isChange ? say.changeTitle(r) : say.title}</h1>
      {isChange && <P>{say.changeLead}</P>}
      {isBegun && <InsetText>{say.begun}</InsetText>}
      <h2 class="govuk-heading-m">{summaryWords.who}</h2>
      <SummaryList rows={whoRows(showing)} />
      <h2 class="govuk-heading-m">{summaryWords.calls}</h2>
      <SummaryList rows={callRows(showing)} />
      <h2 class="govuk-heading-m">{summaryWords.alerts(r)}</h2>
      <SummaryList rows={alertRows(showing)} />
      {answers.contacts.length === 0 && <WarningText>{say.nobodyWarning(r)}</WarningText>}
      <h2 class="govuk-heading-m">{isRung(answers) ? summaryWords.delivery : summaryWords.writing}</h2>
      <SummaryList rows={deliveryRows(showing)} />
      <NextCalls answers={answers} asking={asking} />
      <h2 class="govuk-heading-m">{isChange ? say.stillRight : say.agreement}</h2>
      <P>{say.byPressing}</P>
      <Bullets items={say.agreed(r, answers.contacts.length > 0, answers.calls.some(isWritten))} />
      <Form action={`${base}/done`} once>
        <Hidden name="version" value={String(version)} />
        <Button>{isChange ? say.save : say.start}</Button>
      </Form>
      {isChange ? (
        <Form action={base} method="delete">
          <Button look="secondary">{say.leave}</Button>
        </Form>
      ) : (
        <P>
          <Link href="/services">{say.later}</Link>
        </P>
      )}
    </>
  )
}

export interface DoneProps {
  answers: Answers
  asking: Asking
  serviceId: string
  isChange: boolean
  /** a number at which somebody is told is not confirmed */
  isUnproved: boolean
  /** where the practice phones are, or null where real telephones ring */
  practice: string | null
}

export function Done({ answers, asking, serviceId, isChange, isUnproved, practice }: DoneProps) {
  const say = summaryWords.done
  const r = calledOf(answers)
  const isAnybodyTold = answers.contacts.length > 0
  return (
    <>
      <Panel title={isChange ? say.changedTitle(r) : say.title(r)}>{say.mailed(asking.creator.email)}</Panel>
      <NextCalls answers={answers} asking={asking} />
      <h2 class="govuk-heading-m">{say.what}</h2>
      <Bullets items={say.happens(r, answers.delivery.attempts, isAnybodyTold, isRung(answers))} />
      {isUnproved && (
        <>
          <h2 class="govuk-heading-m">{say.confirmTitle}</h2>
          <P>{say.confirm(r)}</P>
          <LinkButton href={`/services/${serviceId}/numbers`} look="secondary">
            {say.confirmButton}
          </LinkButton>
        </>
      )}
      <h2 class="govuk-heading-m">{say.tryTitle}</h2>
      <P>{isRung(answers) ? say.try(r) : say.tryText(r)}</P>
      {practice && (
        <InsetText>
          {say.practice} <Link href={practice}>{say.practiceLink}</Link>
        </InsetText>
      )}
      {answers.calls.some(({ heard, recordingId }) => heard === 'recording' && recordingId === null) && (
        <P>
          {say.notRecorded} <Link href={`/services/${serviceId}/recordings`}>{say.record}</Link>
        </P>
      )}
      <LinkButton href={`/services/${serviceId}`}>{say.tryButton(r)}</LinkButton>
      {!isChange && (
        <P>
          <Link href="/setup">{say.another}</Link>
        </P>
      )}
    </>
  )
}

/** To a stakeholder who did not set it up. */
export function NotYours({ creator, serviceId }: { creator: string; serviceId: string }) {
  return (
    <>
      <h1 class="govuk-heading-l">{summaryWords.notYours.title}</h1>
      <P>{summaryWords.notYours.says(creator)}</P>
      <LinkButton href={`/services/${serviceId}`}>{summaryWords.notYours.back}</LinkButton>
    </>
  )
}
