// Ringin / speak: what is said next in a call that came in, as things stand once all is done. Reads, and tells whoever records what the
// caller did. Called by advance.ts.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Script } from '../outside/phone/port.ts'
import { hear } from '../recorder/recorder.ts'
import { servicePlan } from '../services/services.ts'
import { known, untilInWords } from './facts.ts'
import type { Incoming } from './store.ts'
import type { Just, Step, Talk, TalkEvent } from './types.ts'
import { scriptOf } from './voice.ts'

/** Whoever records is answered by the room of recorders, from the code to the end of the call. */
export async function takeWords(
  app: App,
  tx: Tx,
  incoming: Incoming,
  { effects, talk }: Step,
  event: TalkEvent,
): Promise<Script> {
  const takeId = talk.takeId ?? ''
  if (effects.some((effect) => effect.do === 'begin take')) return hear(app, tx, takeId, { kind: 'answered' })
  switch (event.kind) {
    case 'keys':
      return hear(app, tx, takeId, { kind: 'keyed', key: event.keys[0]! })
    case 'silence':
      return hear(app, tx, takeId, { kind: 'silent' })
    case 'recorded': {
      const { recordingSid, seconds } = event
      const tape = { lineId: incoming.lineId, recordingSid, seconds, isFileReady: false }
      return hear(app, tx, takeId, { kind: 'recorded', ...tape })
    }
  }
}

/** What is said as things stand now, after all that was done. */
export async function wordsFor(
  app: App,
  tx: Tx,
  { talk, from }: { talk: Talk; from: string | null },
  just: Just | null,
  wasAbout: string,
): Promise<Script> {
  const after = await known(app, tx, { talk, from, keys: '' })
  const zone = talk.serviceId ? (await servicePlan(tx, talk.serviceId)).timeZone : null
  const until = talk.wish && zone ? untilInWords(talk.wish, zone, app.clock.now()) : { last: '', next: '' }
  return scriptOf({
    talk,
    just,
    receiver: after.receiver && { ...after.receiver, until },
    names: after.names,
    alert: after.alert,
    wasAbout,
  })
}
