// Exchange / phone card: one practice telephone: what it does in words, what can be done with it now, what it hears. Pure. Every
// control is a form, so that all of it works without JavaScript; islands/exchange-phones.ts sends them beside the page. Called by views.tsx.
import { displayNumber } from '../kit/phone-number.ts'
import { type Mood, Tag } from '../web/components.tsx'
import { TextInput } from '../web/fields.tsx'
import { Button, classes, type Errors, Form } from '../web/forms.tsx'
import { Icon, type IconName } from '../web/icons.tsx'
import type { HandsetCall } from './exchange.ts'
import { Captions, type CardProps, Choice, Deed, said } from './phone-parts.tsx'
import { Resting } from './phone-rest.tsx'
import type { PhoneShown } from './shown.ts'
import { soundsOf } from './sounds-shown.ts'
import {
  caller,
  isRinging,
  lettingItRing,
  modes,
  onScreen,
  phoneTitle,
  states,
  useInWords,
  words,
} from './words-of-pages.ts'

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
      data-recording={call?.recording ? `/exchange/handsets/${id}/voice` : undefined}
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
            <Tag mood={looks[state].mood}>{states[state]}</Tag>{' '}
            {phone.owners.length > 0 && (
              <>
                <span class="app-nowrap">{displayNumber(handset.number)}</span>,{' '}
              </>
            )}
            {useInWords(phone.owners)}
          </p>
        </div>
      </header>
      {call ? <Busy card={card} call={call} /> : <Resting card={card} />}
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
        {state === 'ringing' && (
          <span class="govuk-visually-hidden" data-announce>
            {isRinging(title)}
          </span>
        )}
        {(state === 'ringing' || state === 'dialling') && <p class="app-phone__state">{onScreen[state]}</p>}
        <p class="app-phone__caller">{caller(call.lineNumber)}</p>
        {state === 'talking' && (
          <>
            <p class="app-phone__now">{last ? said(last.text) : words.nothingYet}</p>
            <p class="app-phone__listening">
              {call.recording ? words.records : call.listening ? words.listening : ''}
            </p>
          </>
        )}
        {phone.isLetRing && <p>{lettingItRing}</p>}
      </div>
      <div class="app-phone__do">
        {state === 'ringing' && <Ringing card={card} />}
        {state === 'talking' && call.recording && <Speak card={card} />}
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
  const { phone } = card
  return (
    <>
      <div class="app-phone__answers">
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
      <Form action={card.action('mode')} class="app-phone__choices">
        <p>{words.orElse}</p>
        {(['engaged', 'answerphone', 'dead line'] as const).map((mode) => (
          <Choice key={mode} card={card} name="mode" value={mode}>
            {modes[mode].button}
          </Choice>
        ))}
      </Form>
    </>
  )
}

/** The field in which words are written that the telephone speaks. */
export const wordsField = (phoneId: string): string => `words-${phoneId}`

/** While the line records: words that a voice speaks into the telephone, or one's own voice where scripts run. */
function Speak({ card }: { card: CardProps }) {
  const field = wordsField(card.phone.id)
  return (
    <div class="app-phone__speak">
      <Form action={card.action('words')} id={`speak-${card.phone.id}`}>
        <TextInput name={field} label={words.sayWords} errors={card.errors} autoComplete="off" />
        <Button look="secondary" hiddenText={`: ${card.title}`}>
          {words.say}
        </Button>
      </Form>
      <button type="button" class="app-small-button app-sound-button" data-microphone-button>
        {words.ownVoice}
        <span class="govuk-visually-hidden">: {card.title}</span>
      </button>
      <p class="app-phone__own-voice">{words.ownVoiceOn}</p>
    </div>
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
        <Captions call={call} />
      </div>
      {pressed.length > 0 && <p>{words.keysPressed(pressed)}.</p>}
    </div>
  )
}

/** Shown where scripts run and the sound is off. */
export function SoundButton() {
  return (
    <button type="button" class="govuk-button app-sound-button" data-sound-button>
      <Icon name="bell" />
      <span>{words.soundOn}</span>
    </button>
  )
}
