// Recorder / voice: what a person hears who records a message by telephone, as pure scripts. A script follows from how the take
// stands, and from nothing else: so whatever is told twice is answered alike. Pure. Called by telephone.ts.
import { longestSeconds } from '../kit/sound.ts'
import type { Script, Sound } from '../outside/phone/port.ts'
import type { TakeState } from './machine.ts'
import { spoken } from './words.ts'

/** Long enough for stiff fingers to find a key. */
const waitSeconds = 8
/** Of a prompt after which nothing is to be pressed: it comes back soon, to see whether the file has come. */
const lookAgainSeconds = 2

export function scriptOf({ state, receiverName }: { state: TakeState; receiverName: string }): Script {
  switch (state.is) {
    case 'ringing':
    case 'asking':
      return [gather(say(state.silences > 0 ? spoken.stillThere() : spoken.welcome(receiverName)))]
    case 'recording':
      return [say(beforeTheBeep(state)), { do: 'record', maxSeconds: longestSeconds }]
    case 'waiting':
      return [gather([say(spoken.oneMoment(state.waits > 0)), { do: 'pause', seconds: 1 }], lookAgainSeconds)]
    case 'late':
      return [gather(say(spoken.late()))]
    case 'listening':
      return [gather(listening(state))]
    case 'over':
      return [say(goodbye(state)), { do: 'hang up' }]
  }
}

function beforeTheBeep({ silences, trouble, tries }: TakeState): string {
  if (silences > 0) return spoken.nothingHeard()
  if (trouble) return spoken.refused(trouble)
  return tries > 0 ? spoken.speakAgain() : spoken.speak()
}

function listening({ silences, recordingId }: TakeState): Sound[] {
  if (silences > 0 || !recordingId) return [say(spoken.choose())]
  return [say(spoken.thisIsIt()), { do: 'play', recordingId }, say(spoken.choose())]
}

function goodbye({ ending, recordingId }: TakeState): string {
  if (ending === 'kept') return spoken.kept()
  if (ending === 'kept unheard') return spoken.keptUnheard()
  return recordingId ? spoken.notChosen() : spoken.goodbye()
}

const say = (text: string): Sound => ({ do: 'say', text })
const gather = (sounds: Sound | readonly Sound[], wait = waitSeconds) =>
  ({ do: 'gather', sounds: [sounds].flat(), waitSeconds: wait }) as const
