// Ringin / left messages: what a caller said is kept: first the provider's name of it, in the transaction that hears of it; then the sound
// itself is fetched, encrypted, and forgotten at the provider, each tried again until it is done. Called by advance.ts and sweep.ts.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { phoneOfLine } from '../lines/lines.ts'
import { enqueueEmail } from '../mail/mail.ts'
import { keepSound } from '../messages/messages.ts'
import { watchersOf } from '../organisations/organisations.ts'
import { OutsideTrouble } from '../outside/phone/port.ts'
import { insertLeftMessage, type LeftMessage, saveLeftMessage } from './store.ts'
import { messageLetter } from './words-of-news.ts'

/** The file takes the provider a moment to make. */
const firstMs = 2_000
const longestMs = 10 * 60_000
/** A request that is lost with its process is made again after this. */
const claimedMs = 60_000
/** A desk that comes back from a holiday still wants to know. */
const usefulDays = 14
/** After a day of trying, what the provider does not give is lost, and the page says so. */
const triesAtMost = 150

export async function keepMessage(
  app: App,
  tx: Tx,
  incomingId: string,
  { recordingSid, seconds }: { recordingSid: string; seconds: number },
): Promise<void> {
  const isNew = await insertLeftMessage(tx, app.clock.now(), { incomingId, recordingSid, seconds })
  if (isNew) await tellDesk(app, tx, incomingId, seconds)
  tx.afterCommit(() => app.bell.ring({ work: true, services: ['*'] }))
}

/** A message that nobody looks for is lost, so whoever watches the queue hears of it. The caller's number is only on the page. */
async function tellDesk(app: App, tx: Tx, incomingId: string, seconds: number): Promise<void> {
  const now = app.clock.now()
  for (const { email, name } of await watchersOf(app, tx)) {
    if (email === null) continue
    await enqueueEmail(app, tx, {
      purpose: 'news',
      ownerRoom: 'ringin',
      ownerId: incomingId,
      partId: null,
      serviceId: null,
      to: { name, address: email },
      usefulUntil: new Date(now.getTime() + usefulDays * 24 * 60 * 60_000),
      ...messageLetter(seconds, `${app.config.publicUrl ?? ''}/queue/messages`),
    })
  }
}

/** Fetches it, or has the provider forget it: one request. Never rejects for the outside's trouble. */
export async function fetchOrForget(app: App, message: LeftMessage): Promise<void> {
  const { id, recordingSid, tries } = message
  const change = (save: Parameters<typeof saveLeftMessage>[2]) =>
    app.db.in(message, async (tx) => {
      await saveLeftMessage(tx, id, save)
      tx.afterCommit(() => app.bell.ring({ services: ['*'] }))
    })
  const at = (ms: number) => new Date(app.clock.now().getTime() + ms)
  await change({ wakeAt: at(claimedMs), tries, trouble: message.trouble })
  try {
    const phone = await phoneOfLine(app, message.lineId)
    if (!phone) throw new OutsideTrouble('the line is gone', false)
    if (message.recordingId !== null) {
      await phone.deleteRecording(recordingSid)
      return await change({ wakeAt: null, tries: 0, trouble: null })
    }
    const wav = await phone.fetchRecording(recordingSid)
    await app.db.in(message, async (tx) => {
      const kept = await keepSound(app, tx, { wav, name: 'A message left by telephone', recordedBy: null })
      if (!kept.ok) return saveLeftMessage(tx, id, { wakeAt: null, tries, trouble: kept.reason })
      await saveLeftMessage(tx, id, { recordingId: kept.recordingId, wakeAt: at(0), tries: 0, trouble: null })
      tx.afterCommit(() => app.bell.ring({ work: true, services: ['*'] }))
    })
  } catch (error) {
    if (!(error instanceof OutsideTrouble)) throw error
    const isHopeless = !error.temporary || tries + 1 >= triesAtMost
    const pause = Math.min(longestMs, firstMs * 2 ** Math.min(tries, 20))
    await change({ wakeAt: isHopeless ? null : at(pause), tries: tries + 1, trouble: error.message })
  }
}
