// Verification / telephone: the call that speaks a code, and what became of a call or text. Registered as an owner in wiring.ts.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { emptyBody, type Heard, type OutgoingOwner } from '../lines/lines.ts'
import type { Script } from '../outside/phone/port.ts'
import { digitsOf, lockVerification, saveResult } from './store.ts'
import { again, codeSpoken, goodbye } from './voice.ts'

export const verificationOwner: OutgoingOwner = {
  async lock(tx, id) {
    await lockVerification(tx, id)
  },
  answered: (app, tx, heard) => speak(app, tx, heard),
  async keyed(app, tx, heard, key) {
    return again(heard.keys) && key === '*' ? speak(app, tx, heard) : goodbye()
  },
  async silent(app, tx, heard) {
    return heard.silences < 2 ? speak(app, tx, heard) : goodbye()
  },
  async ended(_app, tx, ended) {
    // its code is in it, and has done its work or never will
    if (ended.kind === 'text') await emptyBody(tx, ended.outgoingId)
    await saveResult(tx, ended.ownerId, ended.result)
  },
}

async function speak(app: App, tx: Tx, heard: Heard): Promise<Script> {
  const verification = await lockVerification(tx, heard.ownerId)
  if (!verification) throw new Error('no such code in this organisation')
  return codeSpoken(verification.askerName, digitsOf(app, verification.id))
}
