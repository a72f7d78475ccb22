// Setup / steps / message: what is heard in one call: a ready-made message, written words, or a recording. Pure, except that
// keeping a recording is asked of whoever calls. Called by flow.ts, once for each call.
import type { ScheduleKind } from '../../db/tables.ts'
import { nationalNumber, readNumber } from '../../kit/phone-number.ts'
import {
  defaultPreset,
  findPreset,
  presetsFor,
  readSpokenText,
  SPOKEN_TEXT_LIMITS,
  spoken,
} from '../../messages/messages.ts'
import { RingMe } from '../../recorder/recorder.ts'
import { Details, P } from '../../web/components.tsx'
import { FileUpload, Radios, TextArea } from '../../web/fields.tsx'
import { Button } from '../../web/forms.tsx'
import { VoiceRecorder } from '../../web/islands.tsx'
import { type Answers, withCall } from '../answers.ts'
import { type Reading, refused, type Step, StepForm, type View } from '../step.tsx'
import { words } from '../words.ts'
import { callOf } from './call.tsx'
import { calledOf } from './who.tsx'

const ways = ['preset', 'spoken', 'recording'] as const

const isWritten = (a: Answers, key: string): boolean => callOf(a, key).by === 'text'
const heardQuestion = (a: Answers, key: string): string =>
  isWritten(a, key) ? words.heard.writtenQuestion : words.heard.question(calledOf(a))

/** What a text shall say: there is no voice in it. */
function WrittenMessage({ answers, typed, errors, at }: Pick<View, 'answers' | 'typed' | 'errors' | 'at'>) {
  const say = words.heard
  return (
    <StepForm at={at}>
      <Radios
        name="heard"
        label={say.writtenQuestion}
        labelSize="l"
        heading
        hint={say.writtenHint(calledOf(answers))}
        value={typed.text('heard')}
        errors={errors}
        items={[
          { value: 'preset', text: say.preset, hint: say.writtenPresetHint },
          { value: 'spoken', text: say.writtenSpoken, hint: say.spokenHint },
        ]}
      />
    </StepForm>
  )
}

export const messageStep = (key: string): Step => ({
  path: `calls/${key}/message`,
  part: 2,
  question: (a) => heardQuestion(a, key),
  fill: (a) => ({ heard: callOf(a, key).heard ?? '' }),
  isDone(a) {
    const { heard } = callOf(a, key)
    return heard !== null && !(isWritten(a, key) && heard === 'recording')
  },
  read(form, a) {
    const heard = ways.find((one) => one === form.text('heard'))
    if (heard === 'recording' && isWritten(a, key)) return refused('heard', words.heard.notWritten)
    return heard ? { ok: true, answers: withCall(a, key, { heard }) } : refused('heard', words.heard.choose)
  },
  view: ({ answers, typed, errors, at }) => {
    const r = calledOf(answers)
    if (isWritten(answers, key)) return <WrittenMessage {...{ answers, typed, errors, at }} />
    return (
      <StepForm at={at}>
        <Radios
          name="heard"
          label={words.heard.question(r)}
          labelSize="l"
          heading
          hint={words.heard.hint(r)}
          value={typed.text('heard')}
          errors={errors}
          items={[
            { value: 'recording', text: words.heard.recording, hint: words.heard.recordingHint(r) },
            { value: 'preset', text: words.heard.preset, hint: words.heard.presetHint },
            { value: 'spoken', text: words.heard.spoken, hint: words.heard.spokenHint },
          ]}
        />
      </StepForm>
    )
  },
})

export const presetStep = (key: string): Step => ({
  path: `calls/${key}/preset`,
  part: 2,
  question: () => words.preset.question,
  fill: (a) => ({ preset: callOf(a, key).preset ?? '' }),
  isDone: (a) => callOf(a, key).preset !== null,
  read(form, a) {
    const preset = findPreset(form.text('preset'))
    if (!preset) return refused('preset', words.preset.choose)
    return { ok: true, answers: withCall(a, key, { preset: preset.key }) }
  },
  view: ({ answers, typed, errors, at }) => (
    <StepForm at={at}>
      <div class="app-grouped">
        <Radios
          name="preset"
          label={words.preset.question}
          labelSize="l"
          heading
          hint={words.preset.hint}
          value={typed.text('preset')}
          errors={errors}
          items={presetItems(
            callOf(answers, key).kind ?? 'both',
            calledOf(answers).name,
            isWritten(answers, key),
          )}
        />
      </div>
    </StepForm>
  ),
})

/** The messages that suit the call, those of its own kind first, each group under its name. */
function presetItems(kind: ScheduleKind, name: string, isWritten: boolean) {
  const order: ScheduleKind[] = kind === 'reminder' ? ['reminder', 'both'] : ['check-in', 'both', 'reminder']
  const fitting = presetsFor(kind)
  return order.flatMap((group) => {
    const presets = fitting.filter((preset) => preset.kind === group)
    if (presets.length === 0) return []
    return [
      { divider: words.preset.groups[group] },
      ...presets.map((preset) => ({
        value: preset.key,
        text: preset.title,
        hint: words.preset.says(isWritten ? (preset.written?.() ?? preset.text(name)) : preset.text(name)),
      })),
    ]
  })
}

export const textStep = (key: string): Step => ({
  path: `calls/${key}/text`,
  part: 2,
  question: (a) => (isWritten(a, key) ? words.text.writtenQuestion : words.text.question),
  fill: (a) => ({ text: callOf(a, key).text ?? '' }),
  isDone: (a) => callOf(a, key).text !== null,
  limits: { max: { text: SPOKEN_TEXT_LIMITS.max } },
  read(form, a) {
    const text = readSpokenText(form.text('text'))
    if (!text.ok) return refused('text', text.reason)
    return { ok: true, answers: withCall(a, key, { text: text.text }) }
  },
  view: ({ answers, typed, errors, at }) => {
    const { kind } = callOf(answers, key)
    const isText = isWritten(answers, key)
    return (
      <StepForm at={at}>
        <TextArea
          name="text"
          label={isText ? words.text.writtenQuestion : words.text.question}
          labelSize="l"
          heading
          hint={isText ? words.text.writtenHint : words.text.hint}
          value={typed.text('text')}
          errors={errors}
          rows={6}
        />
        {isText ? (
          <P>{words.text.writtenAround(calledOf(answers))}</P>
        ) : (
          <>
            <P>{words.text.before(spoken.greeting(calledOf(answers).name))}</P>
            <P>{words.text.after(spoken.prompt(kind ?? 'check-in', answers.delivery.helpKey))}</P>
          </>
        )}
        <P>{words.text.health}</P>
      </StepForm>
    )
  },
})

export const recordingStep = (key: string): Step => ({
  path: `calls/${key}/recording`,
  part: 2,
  question: (a) => words.recording.question(calledOf(a)),
  // a file cannot be kept in a page, so a new recording always takes the place of what was there
  fill: () => ({}),
  isDone: (a) => callOf(a, key).recordingId !== null || callOf(a, key).isLater,
  scripts: ['voice-recorder'],
  async read(form, a, asking) {
    if (form.has('later')) {
      return { ok: true, answers: withCall(a, key, { recordingId: null, isKept: false, isLater: true }) }
    }
    const path = `calls/${key}/recording`
    if (form.has('take')) return taken(a, key, await asking.chooseTake(form.text('take'), path))
    if (form.has('ring')) {
      const number = readNumber(form.text('number'), { line: asking.countries })
      if (!number.ok) return refused('number', number.reason)
      const { kind } = callOf(a, key)
      const wanted = { toNumber: number.e164, kind: kind ?? 'both', receiverName: calledOf(a).name, path }
      const rung = await asking.ringForRecording(wanted, form.id)
      return rung.ok
        ? { ok: true, answers: a, goTo: `/takes/${rung.takeId}` }
        : refused('number', rung.reason)
    }
    const file = form.file('recording')
    if (!file) return refused('recording', words.recording.choose)
    const kept = await asking.keepRecording(file.bytes, words.recording.question(calledOf(a)))
    if (!kept.ok) return refused('recording', kept.reason)
    const { recordingId } = kept
    const answers = withCall(a, key, { recordingId, isKept: false, isLater: false })
    return {
      ok: true,
      answers: { ...answers, recordedHere: [...answers.recordedHere, recordingId] },
      goTo: `calls/${key}/listen`,
    }
  },
  view: ({ answers, typed, errors, at, asking }) => {
    const r = calledOf(answers)
    const { phone } = asking.creator
    const standIn = findPreset(standInOf(callOf(answers, key).kind))
    return (
      <>
        <h1 class="govuk-heading-l">{words.recording.question(r)}</h1>
        <P>{words.recording.hint(r)}</P>
        <VoiceRecorder worklet={at.asset('voice-worklet.js')}>
          <StepForm at={at} upload button={words.recording.send}>
            <FileUpload
              name="recording"
              label={words.recording.file}
              labelSize="s"
              hint={words.recording.fileHint}
              errors={errors}
              accept="audio/*"
            />
          </StepForm>
        </VoiceRecorder>
        <h2 class="govuk-heading-m">{words.recording.byPhone}</h2>
        <StepForm at={at} button={null}>
          <RingMe number={typed.text('number') || (phone ? nationalNumber(phone) : '')} errors={errors} />
        </StepForm>
        <h2 class="govuk-heading-m">{words.recording.notNow}</h2>
        <P>{words.recording.laterHint(standIn?.title ?? '')}</P>
        <StepForm at={at} button={null}>
          <Button look="secondary" name="later" value="yes">
            {words.recording.later}
          </Button>
        </StepForm>
      </>
    )
  },
})

/** It was listened to on the telephone or on the page of the take, so the next question follows. */
function taken(a: Answers, key: string, recordingId: string | null): Reading {
  if (!recordingId) return refused('', words.recording.takeGone)
  const answers = withCall(a, key, { recordingId, isKept: true, isLater: false })
  const recordedHere = [...new Set([...answers.recordedHere, recordingId])]
  return { ok: true, answers: { ...answers, recordedHere }, answered: `calls/${key}/listen` }
}

/** What is heard while there is no recording. */
export function standInOf(kind: ScheduleKind | null): string {
  return defaultPreset(kind ?? 'check-in')
}

export const listenStep = (key: string): Step => ({
  path: `calls/${key}/listen`,
  part: 2,
  question: () => words.listen.question,
  fill: (a) => ({ recording: callOf(a, key).recordingId ?? '', kept: callOf(a, key).isKept ? 'yes' : '' }),
  isDone: (a) => callOf(a, key).isKept,
  read(form, a) {
    if (form.has('again')) return { ok: true, answers: a, goTo: `calls/${key}/recording` }
    return { ok: true, answers: withCall(a, key, { isKept: true }) }
  },
  view: ({ answers, at }) => {
    const sound = `${at.base}/recordings/${callOf(answers, key).recordingId}`
    return (
      <>
        <h1 class="govuk-heading-l">{words.listen.question}</h1>
        <P>{words.listen.hint}</P>
        <p>
          {/* biome-ignore lint/a11y/useMediaCaption: it is the voice of the person who reads this, recorded just now */}
          <audio class="app-audio" controls preload="metadata" src={sound} aria-label={words.listen.player} />
        </p>
        <StepForm at={at} button={null}>
          <div class="govuk-button-group">
            <Button>{words.listen.keep}</Button>
            <Button look="secondary" name="again" value="yes">
              {words.listen.again}
            </Button>
          </div>
        </StepForm>
        <Details summary={words.listen.download}>
          <a class="govuk-link" href={sound}>
            {words.listen.player}
          </a>
        </Details>
      </>
    )
  },
})
