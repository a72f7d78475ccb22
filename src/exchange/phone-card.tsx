// Exchange / phone card: one practice telephone: what it does in words, what can be done with it now, what it hears. Pure. Every
// control is a form, so that all of it works without JavaScript; islands/exchange-phones.ts sends them beside the page. views.tsx.
import type { ComponentChildren } from 'preact'
import { displayNumber } from '../kit/phone-number.ts'
import { Details, type Mood, Tag } from '../web/components.tsx'
import { TextInput } from '../web/fields.tsx'
import { Button, type ButtonLook, classes, type Errors, Form } from '../web/forms.tsx'
import { Icon, type IconName } from '../web/icons.tsx'
import type { HandsetCall, HandsetText, PhoneMode } from './exchange.ts'
import type { PhoneShown } from './shown.ts'
import { soundsOf } from './sounds-shown.ts'
import {
  caller,
  lastCallInWords,
  lettingItRing,
  modes,
  newText,
  phoneTitle,
  stateInWords,
  states,
  textWhen,
  whoseInWords,
  words,
} from './words-of-pages.ts'

/** What every part of a card is given. */
interface CardProps {
  phone: PhoneShown
  /** "Ada's telephone" */
  title: string
  now: Date
  errors: Errors | undefined
  /** the address that its forms begin with, and what they end with */
  action: (deed: string) => string
}

const looks: Record<PhoneShown['handset']['state'], { mood: Mood; icon: IconName }> = {
  ringing: { mood: 'attention', icon: 'bell' },
  talking: { mood: 'good', icon: 'phone' },
  dialling: { mood: 'waiting', icon: 'phone' },
  idle: { mood: 'quiet', icon: 'phone' },
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const letters: Readonly<Record<string, string>> = {
  2: 'ABC',
  3: 'DEF',
  4: 'GHI',
  5: 'JKL',
  6: 'MNO',
  7: 'PQRS',
  8: 'TUV',
  9: 'WXYZ',
}
const keyNames: Readonly<Record<string, string>> = { '*': words.star, '#': words.hash }

export const phoneFieldName = (phoneId: string): string => `text-${phoneId}`

export function PhoneCard({
  phone,
  now,
  errors,
  query,
}: {
  phone: PhoneShown
  now: Date
  errors: Errors | undefined
  query: string
}) {
  const { handset, id } = phone
  const { state, call } = handset
  const title = phoneTitle(
    phone.owners.map(({ name }) => name),
    handset.number,
  )
  const card: CardProps = {
    phone,
    title,
    now,
    errors,
    action: (deed) => `/exchange/handsets/${id}/${deed}${query}`,
  }
  const rings = state === 'ringing' && !phone.isLetRing
  return (
    <article
      id={`handset-${id}`}
      class={classes('app-phone', `app-phone--${state}`, phone.isLetRing && 'app-phone--let-ring')}
      aria-labelledby={`name-${id}`}
      tabIndex={-1}
      data-state={state}
      data-ringing={rings && call ? now.getTime() - new Date(call.startedAt).getTime() : undefined}
      data-sounds={JSON.stringify(soundsOf(call ?? handset.lastCall, now))}
    >
      <header class="app-phone__head">
        <span class="app-phone__mark">
          <Icon name={looks[state].icon} />
        </span>
        <div>
          <h3 class="app-phone__name" id={`name-${id}`}>
            {title}
          </h3>
          <p class="app-phone__whose">
            {phone.owners.length > 0 && <span class="app-nowrap">{displayNumber(handset.number)}. </span>}
            {whoseInWords(phone.owners)}
          </p>
        </div>
        <Tag mood={looks[state].mood}>{states[state]}</Tag>
      </header>
      {call ? <Busy card={card} call={call} /> : <Resting card={card} />}
      <More card={card} />
    </article>
  )
}

// --------------------------------------------------------------------------------------------------------- in a call

function Busy({ card, call }: { card: CardProps; call: HandsetCall }) {
  const { phone, title, action } = card
  const { state } = phone.handset
  const last = call.captions.at(-1)
  return (
    <>
      <div class="app-phone__screen">
        <p class="app-phone__state" data-announce={state === 'ringing' ? '' : undefined}>
          {stateInWords[state](title)}
        </p>
        <p class="app-phone__caller">{caller(call.lineNumber)}</p>
        {state === 'talking' && <p class="app-phone__now">{last ? said(last.text) : words.nothingYet}</p>}
        {state === 'talking' && call.listening && <p class="app-phone__listening">{words.listening}</p>}
        {phone.isLetRing && <p>{lettingItRing}</p>}
      </div>
      <div class="app-phone__do">
        {state === 'ringing' && <Ringing card={card} />}
        {state === 'talking' && <Keypad card={card} />}
        {state !== 'ringing' && (
          <Form action={action('hang-up')}>
            <Button look="warning" hiddenText={title}>
              <Icon name="phone" />
              {words.hangUp}
            </Button>
          </Form>
        )}
      </div>
      {state === 'talking' && <Heard card={card} call={call} />}
    </>
  )
}

function Ringing({ card }: { card: CardProps }) {
  const { title, phone } = card
  return (
    <>
      <div class="app-phone__choices">
        <Deed card={card} deed="answer" class="app-phone__answer">
          <Icon name="phone" />
          {words.answer}
        </Deed>
        {!phone.isLetRing && (
          <Deed card={card} deed="let-ring" look="secondary">
            {words.letRing}
          </Deed>
        )}
        <Deed card={card} deed="turn-away" look="secondary">
          {words.turnAway}
        </Deed>
      </div>
      <Form action={card.action('mode')} class="app-phone__else">
        <p id={`else-${phone.id}`}>{words.orElse}</p>
        {(['engaged', 'answerphone', 'dead line'] as const).map((mode) => (
          <button key={mode} type="submit" name="mode" value={mode} class="app-small-button">
            {modes[mode].button}
            <span class="govuk-visually-hidden">: {title}</span>
          </button>
        ))}
      </Form>
    </>
  )
}

function Keypad({ card }: { card: CardProps }) {
  return (
    <form action={card.action('keys')} method="post" class="app-keypad" data-keypad>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid in every browser of 2021 */}
      <div role="group" aria-label={words.keypad(card.title)}>
        {keys.map((key) => (
          <button key={key} type="submit" name="key" value={key}>
            {key}
            {keyNames[key] && <span class="govuk-visually-hidden"> {keyNames[key]}</span>}
            <span class="app-keypad__letters" aria-hidden="true">
              {letters[key] ?? ''}
            </span>
          </button>
        ))}
      </div>
    </form>
  )
}

/** Every sentence so far. Read out as it comes, until the true sound is on. */
function Heard({ card, call }: { card: CardProps; call: HandsetCall }) {
  const pressed = call.keys.map(({ key, taken }) => `${key}${taken ? '' : words.unheard}`)
  return (
    <div class="app-phone__heard">
      <p class="app-phone__silent">
        {words.silentHint} <SoundButton />
      </p>
      <h4 id={`heard-${card.phone.id}`}>{words.heard}</h4>
      <div role="log" aria-labelledby={`heard-${card.phone.id}`}>
        <ol class="app-captions">
          {call.captions.map(({ at, text }) => (
            <li key={at}>{said(text)}</li>
          ))}
        </ol>
      </div>
      {pressed.length > 0 && <p>{words.keysPressed(pressed)}.</p>}
    </div>
  )
}

const said = (text: string | null): ComponentChildren =>
  text ?? (
    <span class="app-phone__recording">
      <Icon name="voice" /> {words.recordingIsHeard}
    </span>
  )

/** Shown where scripts run and the sound is off. */
export function SoundButton() {
  return (
    <button type="button" class="govuk-button app-sound-button" data-sound-button>
      <Icon name="bell" />
      <span>{words.soundOn}</span>
    </button>
  )
}

// ----------------------------------------------------------------------------------------------------------- at rest

function Resting({ card }: { card: CardProps }) {
  const { handset, id } = card.phone
  const { lastCall, mode } = handset
  return (
    <>
      {mode !== 'normal' && (
        <Form action={card.action('mode')} class="app-phone__mode">
          <p>{modes[mode].says}</p>
          <button type="submit" name="mode" value="normal" class="app-small-button">
            {words.backToNormal}
            <span class="govuk-visually-hidden">: {card.title}</span>
          </button>
        </Form>
      )}
      {lastCall && (
        <div class="app-phone__last">
          <p data-announce>{lastCallInWords(seen(lastCall), card.now)}</p>
          {lastCall.captions.length > 0 && (
            <Details summary={words.heardThen} id={`last-${id}`}>
              <ol class="app-captions">
                {lastCall.captions.map(({ at, text }) => (
                  <li key={at}>{said(text)}</li>
                ))}
              </ol>
              <Recordings call={lastCall} />
            </Details>
          )}
        </div>
      )}
      <Texts card={card} />
    </>
  )
}

const seen = (call: HandsetCall) => ({
  ...call,
  way: call.way === 'in' ? ('to' as const) : ('from' as const),
  at: call.startedAt,
})

/** The true sound again, also without JavaScript. */
function Recordings({ call }: { call: HandsetCall }) {
  return (
    <>
      {call.audio
        .filter(({ kind }) => kind === 'play')
        .map(({ url, startedAt }) => (
          // biome-ignore lint/a11y/useMediaCaption: a voice that somebody recorded has no written words
          <audio key={startedAt} controls preload="none" src={url} aria-label={words.listenAgain} />
        ))}
    </>
  )
}

function Texts({ card }: { card: CardProps }) {
  const [newest, ...older] = card.phone.handset.texts
  if (!newest) return null
  return (
    <section class="app-texts" aria-labelledby={`texts-${card.phone.id}`}>
      <h4 id={`texts-${card.phone.id}`}>{words.texts}</h4>
      {newest.way === 'in' && (
        <span class="govuk-visually-hidden" data-announce={newest.textSid}>
          {newText(card.title)}
        </span>
      )}
      <TextBubble text={newest} now={card.now} />
      {older.length > 0 && (
        <Details summary={words.allTexts(older.length + 1)} id={`older-${card.phone.id}`}>
          {older.map((text) => (
            <TextBubble key={text.textSid} text={text} now={card.now} />
          ))}
        </Details>
      )}
    </section>
  )
}

function TextBubble({ text, now }: { text: HandsetText; now: Date }) {
  return (
    <div data-key={text.textSid} class={`app-text app-text--${text.way}`}>
      <p class="app-text__when">{textWhen(text.way, new Date(text.at), now)}</p>
      <p class="app-text__body">{text.body}</p>
    </div>
  )
}

// -------------------------------------------------------------------------------------------------------------- more

function More({ card }: { card: CardProps }) {
  const { handset, id } = card.phone
  const field = phoneFieldName(id)
  const isWrong = card.errors?.some((error) => error.field === field) ?? false
  return (
    <div class="app-phone__more">
      {handset.state === 'idle' && (
        <Deed card={card} deed="calls" look="secondary">
          {words.ringIn}
        </Deed>
      )}
      <Details summary={words.writeText} id={`write-${id}`} open={isWrong}>
        <Form action={card.action('texts')}>
          <TextInput name={field} label={words.textLabel} errors={card.errors} autoComplete="off" />
          <Button look="secondary" hiddenText={card.title}>
            {words.sendText}
          </Button>
        </Form>
      </Details>
      <Details summary={words.behaves} id={`mode-${id}`}>
        <Form action={card.action('mode')} class="app-phone__modes">
          <p>{words.behavesHint}</p>
          {(Object.keys(modes) as PhoneMode[]).map((mode) => (
            <button
              key={mode}
              type="submit"
              name="mode"
              value={mode}
              class="app-small-button"
              aria-pressed={mode === handset.mode}
            >
              {modes[mode].button}
              <span class="govuk-visually-hidden">: {card.title}</span>
            </button>
          ))}
        </Form>
      </Details>
    </div>
  )
}

/** One button that does one thing. */
function Deed(props: {
  card: CardProps
  deed: string
  look?: ButtonLook
  class?: string
  children: ComponentChildren
}) {
  return (
    <Form action={props.card.action(props.deed)} {...(props.class && { class: props.class })}>
      <Button look={props.look} hiddenText={`: ${props.card.title}`}>
        {props.children}
      </Button>
    </Form>
  )
}
