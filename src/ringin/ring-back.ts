// Ringin / ring-back: rings the number that we know, where somebody who rang in and proved nothing wants to pause or stop the calls.
// There a key confirms it. Lines tells `ringInOwner` what happens; the sweeper wakes what waits.
import type { App } from '../app.ts'
import type { OrgScope, Tx } from '../db/db.ts'
import { enqueueCall, type Heard, type OutgoingOwner, priorities } from '../lines/lines.ts'
import type { Script } from '../outside/phone/port.ts'
import { servicePlan } from '../services/services.ts'
import type { Deed } from './deeds.ts'
import { untilInWords } from './facts.ts'
import { grant } from './grant.ts'
import { addDeed, lockRingBack, type RingBack, saveRingBack } from './store.ts'
import { type RungBack, rungBackScript } from './voice.ts'

const ringSeconds = 40
/** Whoever asked for it sits beside the telephone. */
const usefulMinutes = 10
/** An engaged telephone has not been put down yet. */
const againAfterMs = 30_000
const triesAtMost = 3

/** Its time has come: ring. Twice is no error. */
export async function ringBackNow(app: App, scope: OrgScope, id: string): Promise<void> {
  await app.db.in(scope, async (tx) => {
    const now = app.clock.now()
    const back = await lockRingBack(tx, id)
    if (back?.state !== 'waiting') return
    const { lineId } = await servicePlan(tx, back.serviceId)
    const outgoingId = await enqueueCall(app, tx, {
      ownerRoom: 'ringin',
      ownerId: id,
      partId: id,
      serviceId: back.serviceId,
      lineId,
      purpose: 'ring-back',
      priority: priorities.help,
      to: back.to,
      ringSeconds,
      usefulUntil: new Date(now.getTime() + usefulMinutes * 60_000),
    })
    await saveRingBack(tx, id, { state: 'ringing', tries: back.tries + 1, outgoingId })
  })
}

export const ringInOwner: OutgoingOwner = {
  async lock(tx, id) {
    await lockRingBack(tx, id)
  },

  async answered(app, tx, heard) {
    return say(app, tx, await backOf(tx, heard), isOpen(await backOf(tx, heard)) ? 'asks' : 'over')
  },

  async keyed(app, tx, heard, key) {
    const back = await backOf(tx, heard)
    if (!isOpen(back)) return say(app, tx, back, 'over')
    if (key === '*') return say(app, tx, back, 'asks')
    if (key !== '1') {
      await close(app, tx, back, 'not confirmed')
      return say(app, tx, back, 'refused')
    }
    // stopping is asked twice, whatever the proof
    const confirmations = [...heard.keys].filter((pressed) => pressed === '1').length
    if (back.wish.do === 'stop' && confirmations < 2) return say(app, tx, back, 'asks again')
    await grant(app, tx, back.serviceId, back.wish)
    await close(app, tx, back, 'done')
    return say(app, tx, back, 'granted')
  },

  async silent(app, tx, heard) {
    const back = await backOf(tx, heard)
    if (!isOpen(back)) return say(app, tx, back, 'over')
    return say(app, tx, back, heard.silences < 2 ? 'asks' : 'refused')
  },

  async ended(app, tx, { ownerId, result }) {
    const back = await lockRingBack(tx, ownerId)
    if (!back || !isOpen(back)) return
    const isEngaged = result === 'busy' && back.tries < triesAtMost
    if (!isEngaged) return close(app, tx, back, 'not confirmed')
    await saveRingBack(tx, back.id, {
      state: 'waiting',
      wakeAt: new Date(app.clock.now().getTime() + againAfterMs),
    })
    tx.afterCommit(() => app.bell.ring({ work: true }))
  },
}

const isOpen = ({ state }: RingBack): boolean => state === 'waiting' || state === 'ringing'

async function close(app: App, tx: Tx, back: RingBack, state: 'done' | 'not confirmed'): Promise<void> {
  await saveRingBack(tx, back.id, { state, endedAt: app.clock.now() })
  const deed: Deed = { did: state === 'done' ? 'confirmed' : 'not confirmed', wish: back.wish }
  await addDeed(tx, back.incomingId, deed)
  tx.afterCommit(() => app.bell.ring({ services: [back.serviceId] }))
}

async function backOf(tx: Tx, { ownerId }: Heard): Promise<RingBack> {
  const back = await lockRingBack(tx, ownerId)
  if (!back) throw new Error('no such ring-back in this organisation')
  return back
}

async function say(app: App, tx: Tx, back: RingBack, state: RungBack['state']): Promise<Script> {
  const { receiverName, timeZone } = await servicePlan(tx, back.serviceId)
  const { wish } = back
  return rungBackScript({
    name: receiverName,
    wish,
    state,
    until: untilInWords(wish, timeZone, app.clock.now()),
  })
}
