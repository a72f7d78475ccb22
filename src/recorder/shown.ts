// Recorder / shown: how a take stands, in words and with what can be done, for its page. Pure. Called by views.tsx.
import { soundRefusal } from '../web/words.ts'
import type { TakeState, TapeTrouble } from './machine.ts'
import { endingInWords, standing, words } from './words.ts'

export interface Standing {
  mood: 'good' | 'waiting' | 'attention' | 'bad' | 'quiet'
  title: string
  says: string
  /** the recording can be listened to and used here */
  canUse: boolean
  /** the line can ring again */
  canRing: boolean
}

export interface TakeFacts {
  state: TakeState
  receiverName: string
  /** what the line says of the call that rings; null: it has not begun, or it was the recorder who rang */
  isRinging: boolean
  /** its message is this recording already: nothing is left to do */
  isInUse: boolean
  /** something recorded has not been fetched yet */
  isComing: boolean
}

export function standingOf(facts: TakeFacts): Standing {
  return facts.state.is === 'over' ? after(facts) : during(facts)
}

function during({ state, isRinging }: TakeFacts): Standing {
  const busy = (title: string, says: string): Standing => ({
    mood: 'waiting',
    title,
    says,
    canUse: false,
    canRing: false,
  })
  switch (state.is) {
    case 'ringing':
      return isRinging ? busy(standing.rings, words.now.rings) : busy(standing.waits, words.now.waits)
    case 'asking':
      return busy(standing.asking, words.now.asking)
    case 'recording':
      if (state.trouble) return { ...busy(standing.recording, refusalOf(state.trouble)), mood: 'attention' }
      return busy(standing.recording, words.now.recording)
    case 'waiting':
      return busy(standing.waiting, words.now.waiting)
    case 'late':
      return busy(standing.late, words.now.late)
    default:
      return busy(standing.listening, words.now.listening)
  }
}

function after({ state, receiverName, isInUse, isComing }: TakeFacts): Standing {
  const over = { canUse: false, canRing: true }
  if (isInUse)
    return { ...over, mood: 'good', title: standing.used, says: words.used(receiverName), canRing: false }
  if (isComing)
    return { ...over, mood: 'waiting', title: standing.coming, says: words.coming, canRing: false }
  if (state.recordingId) {
    const isKept = state.ending === 'kept'
    const says = isKept ? words.kept : words.notChosen
    return { mood: 'good', title: isKept ? standing.kept : standing.ready, says, canUse: true, canRing: true }
  }
  if (state.trouble)
    return {
      ...over,
      mood: 'attention',
      title: endingInWords('nothing said'),
      says: refusalOf(state.trouble),
    }
  return { ...over, mood: 'bad', title: endingInWords(state.ending ?? ''), says: words.tryAgain }
}

function refusalOf(trouble: TapeTrouble): string {
  if (trouble === 'lost' || trouble === 'not sound' || trouble === 'not a wav') return words.lost
  return trouble === 'silent' ? words.tooQuiet : soundRefusal(trouble)
}
