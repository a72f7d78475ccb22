// Exchange / phone rest: a practice telephone that is in no call: how its last call went, its texts, and what can be done with it.
// Pure. Called by phone-card.tsx.
import { Details } from '../web/components.tsx'
import { TextInput } from '../web/fields.tsx'
import { Button, Form } from '../web/forms.tsx'
import type { HandsetCall, HandsetText, PhoneMode } from './exchange.ts'
import { Captions, type CardProps, Choice, Deed } from './phone-parts.tsx'
import { lastCallInWords, modes, newText, textWhen, words } from './words-of-pages.ts'

/** The field in which a text is written; a page has many. */
export const textField = (phoneId: string): string => `text-${phoneId}`

export function Resting({ card }: { card: CardProps }) {
  const { lastCall, mode, texts } = card.phone.handset
  return (
    <>
      {mode !== 'normal' && (
        <Form action={card.action('mode')} class="app-phone__choices">
          <p>{modes[mode].says}</p>
          <Choice card={card} name="mode" value="normal">
            {words.backToNormal}
          </Choice>
        </Form>
      )}
      {lastCall && <LastCall card={card} call={lastCall} />}
      {texts.length > 0 && <Texts card={card} />}
      <Use card={card} />
    </>
  )
}

function LastCall({ card, call }: { card: CardProps; call: HandsetCall }) {
  const seen = { ...call, way: call.way === 'in' ? ('to' as const) : ('from' as const), at: call.startedAt }
  return (
    <div class="app-phone__last">
      <p data-announce={call.callSid}>{lastCallInWords(seen, card.now)}</p>
      {call.captions.length > 0 && (
        <Details summary={words.heardThen} id={`last-${card.phone.id}`}>
          <Captions call={call} />
          <Recordings call={call} />
        </Details>
      )}
    </div>
  )
}

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

// ------------------------------------------------------------------------------------------------------------- texts

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
      <WriteText card={card} label={words.replyLabel} />
      {older.length > 0 && (
        <Details summary={words.olderTexts(older.length)} id={`older-${card.phone.id}`}>
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

function WriteText({ card, label }: { card: CardProps; label: string }) {
  return (
    <Form action={card.action('texts')} class="app-phone__write" id={`write-${card.phone.id}`}>
      <TextInput name={textField(card.phone.id)} label={label} errors={card.errors} autoComplete="off" />
      <Button look="secondary" hiddenText={`: ${card.title}`}>
        {words.sendText}
      </Button>
    </Form>
  )
}

// --------------------------------------------------------------------------------------------------------------- use

function Use({ card }: { card: CardProps }) {
  const { handset, id } = card.phone
  const isWrong = card.errors?.some((error) => error.field === textField(id)) ?? false
  return (
    <Details summary={words.use} id={`use-${id}`} open={isWrong}>
      <Deed card={card} deed="calls" look="secondary">
        {words.ringIn}
      </Deed>
      <Deed card={card} deed="withheld-calls" look="secondary">
        {words.ringInWithheld}
      </Deed>
      {handset.texts.length === 0 && <WriteText card={card} label={words.textLabel} />}
      <Form action={card.action('mode')} class="app-phone__choices">
        <p>{words.behaves}</p>
        {(Object.keys(modes) as PhoneMode[]).map((mode) => (
          <Choice key={mode} card={card} name="mode" value={mode} isPressed={mode === handset.mode}>
            {modes[mode].button}
          </Choice>
        ))}
      </Form>
    </Details>
  )
}
