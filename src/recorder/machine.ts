// Recorder / machine: decides how one take goes on: one telephone call in which a person records a message. Pure. Called by
// advance.ts, and by the tests that live through it.
//
//   ringing → asking → recording → waiting → listening → over       2 in listening: recording again
//                          ↑          ├────→ late                   the file is slow: nothing is lost, nothing can be played back yet
//                          └──────────┘      too quiet, too short …: said at once, and recorded again
//
//  1. The sound is judged while the person is still there. What cannot be used is said, with what to do, and recorded again.
//  2. Only the newest good recording counts. It stays until a newer one is good, so "again" loses nothing.
//  3. Key 1 keeps it, or the button of the page. Nothing else does: whoever hangs up before is asked there. What was kept stays.
//  4. A file that comes after the end is judged all the same: what was kept unheard is used if it is good.
//  5. The file is fetched by a row of its own, so a prompt, a repeated webhook or a lost one never loses a recording. Told the same
//     thing twice, this machine is where it was, and the telephone is told the same again.
import type { SoundTrouble } from '../kit/sound.ts'

/** Why a recording is of no use. `lost`: the provider never gave it to us. */
export type TapeTrouble = SoundTrouble | 'not sound' | 'lost'

/** How a take ended. Any other word is what the line found when nobody spoke: 'rang out', 'busy' … */
export type Ending = 'kept' | 'kept unheard' | 'not chosen' | 'nothing said' | 'often enough' | (string & {})

export interface TakeState {
  readonly is: 'ringing' | 'asking' | 'recording' | 'waiting' | 'late' | 'listening' | 'over'
  /** The person has heard of this state: what they press before that was meant for another. */
  readonly isTold: boolean
  /** prompts in a row after which nothing came */
  readonly silences: number
  /** how often in a row they were asked to wait */
  readonly waits: number
  /** recordings made in this take */
  readonly tries: number
  /** what was recorded last */
  readonly tapeId: string | null
  /** the newest that is good */
  readonly recordingId: string | null
  /** why the newest is not */
  readonly trouble: TapeTrouble | null
  readonly ending: Ending | null
}

export type TakeEvent =
  | { kind: 'answered' }
  | { kind: 'keyed'; key: string }
  /** nothing came after a prompt, or nothing was said after the beep */
  | { kind: 'silent' }
  | { kind: 'recorded'; tapeId: string }
  | { kind: 'judged'; tapeId: string; recordingId: string }
  | { kind: 'refused'; tapeId: string; trouble: TapeTrouble }
  /** The page's button: use what was recorded. */
  | { kind: 'chosen' }
  /** The call is over. `found`: what the line says of it. */
  | { kind: 'ended'; found: string }

export type Effect =
  /** an older recording that nobody will hear */
  | { do: 'erase'; recordingId: string }
  /** it becomes the message */
  | { do: 'use'; recordingId: string }

export interface Step {
  /** the very same object when nothing changed */
  readonly state: TakeState
  readonly effects: readonly Effect[]
}

export const silencesAtMost = 2
/** Each takes about three seconds (voice.ts). */
export const waitsAtMost = 8
export const triesAtMost = 10

export const unanswered: TakeState = {
  is: 'ringing',
  isTold: true,
  silences: 0,
  waits: 0,
  tries: 0,
  tapeId: null,
  recordingId: null,
  trouble: null,
  ending: null,
}

export function decide(state: TakeState, event: TakeEvent): Step {
  switch (event.kind) {
    case 'answered':
      return to(state.is === 'ringing' ? { ...state, is: 'asking' } : state)
    case 'keyed':
      return state.isTold ? pressed(state, event.key) : to({ ...state, isTold: true })
    case 'silent':
      return to(state.isTold ? silent(state) : { ...state, isTold: true })
    case 'recorded':
      return to(recorded(state, event.tapeId))
    case 'judged':
      return judged(state, event.tapeId, event.recordingId)
    case 'refused':
      return to(refused(state, event.tapeId, event.trouble))
    case 'chosen':
      return state.ending === 'kept' ? to(state) : kept(state)
    case 'ended':
      return to(ended(state, event.found))
  }
}

function pressed(state: TakeState, key: string): Step {
  switch (state.is) {
    case 'asking':
      return to(record(state))
    case 'waiting':
      return to(waited(state))
    case 'late':
      if (key === '2') return to(record(state))
      return to(key === '1' ? over(state, 'kept unheard') : { ...state, silences: 0 })
    case 'listening':
      if (key === '2') return to(record(state))
      // any other key: it is played again, and asked again
      return key === '1' ? kept(state) : to({ ...state, silences: 0 })
    default:
      return to(state)
  }
}

function silent(state: TakeState): TakeState {
  switch (state.is) {
    case 'waiting':
      return waited(state)
    case 'asking':
    case 'recording':
      return quiet(state, 'nothing said')
    case 'late':
    case 'listening':
      return quiet(state, 'not chosen')
    default:
      return state
  }
}

function quiet(state: TakeState, ending: Ending): TakeState {
  const silences = state.silences + 1
  return silences > silencesAtMost ? over(state, ending) : { ...state, silences }
}

function waited(state: TakeState): TakeState {
  const waits = state.waits + 1
  return waits > waitsAtMost ? { ...state, is: 'late', silences: 0 } : { ...state, waits }
}

function record(state: TakeState): TakeState {
  if (state.tries >= triesAtMost) return over(state, 'often enough')
  return { ...state, is: 'recording', isTold: true, silences: 0, trouble: null }
}

/** A recording's end is told more than once, and perhaps after the end of the call. */
function recorded(state: TakeState, tapeId: string): TakeState {
  if (state.tapeId === tapeId || state.is === 'ringing' || state.ending === 'kept') return state
  const newer = { ...state, tapeId, tries: state.tries + 1, trouble: null }
  return state.is === 'over' ? newer : { ...newer, is: 'waiting', isTold: true, waits: 0, silences: 0 }
}

function judged(state: TakeState, tapeId: string, recordingId: string): Step {
  if (state.recordingId === recordingId) return to(state)
  // a newer one was recorded meanwhile, or an older one chosen
  if (state.tapeId !== tapeId || state.ending === 'kept')
    return { state, effects: [{ do: 'erase', recordingId }] }
  const effects: Effect[] = state.recordingId ? [{ do: 'erase', recordingId: state.recordingId }] : []
  const newer = { ...state, recordingId, trouble: null }
  if (state.is === 'waiting' || state.is === 'late')
    return { state: { ...newer, is: 'listening', isTold: false, silences: 0 }, effects }
  if (state.ending !== 'kept unheard') return { state: newer, effects }
  return { state: { ...newer, ending: 'kept' }, effects: [...effects, { do: 'use', recordingId }] }
}

function refused(state: TakeState, tapeId: string, trouble: TapeTrouble): TakeState {
  if (state.tapeId !== tapeId || state.trouble === trouble) return state
  if (state.is !== 'waiting' && state.is !== 'late') return { ...state, trouble }
  if (state.tries >= triesAtMost) return over({ ...state, trouble }, 'often enough')
  return { ...state, is: 'recording', isTold: false, silences: 0, trouble }
}

function kept(state: TakeState): Step {
  if (!state.recordingId) return to(state)
  return { state: over(state, 'kept'), effects: [{ do: 'use', recordingId: state.recordingId }] }
}

/** They hung up, or were never there. */
function ended(state: TakeState, found: string): TakeState {
  if (state.is === 'over') return state
  const nobodySpoke = state.is === 'ringing' || found === 'voicemail'
  if (nobodySpoke) return over(state, found)
  return over(state, state.tapeId ? 'not chosen' : 'nothing said')
}

const over = (state: TakeState, ending: Ending): TakeState => ({ ...state, is: 'over', isTold: true, ending })
const to = (state: TakeState): Step => ({ state, effects: [] })
