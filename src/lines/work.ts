// Lines / work: what this room does by time, as one actor: it sends what waits at the lines (dispatch.ts), and finds out what
// became of what was sent (reconcile.ts). Driven by the worker's loop through the door.
import type { App } from '../app.ts'
import { newId } from '../kit/ids.ts'
import type { Actor } from '../queue/actor.ts'
import { besides } from './besides.ts'
import { dispatcher, type Holder, isHeldBy, newHolder } from './dispatch.ts'
import { lookForWork, type NextOfLine, nextOfLines, nextWake } from './dispatching/store.ts'
import { moveOver, probe } from './health-watch.ts'
import { nextProbe, releaseLines } from './line/store.ts'
import { orphans } from './orphans.ts'
import { reconciler } from './reconcile.ts'

export interface LineActorOptions {
  /**
   * Requests to the provider under way at once, to send and again to find out. 1: each is waited for before anything else
   * happens, which makes a rehearsal repeatable; more: they run beside the loop, so that a slow provider holds nobody up.
   */
  inFlight?: number
}

/** The actor of this room, which dispatches every line, for the worker's loop. */
export function lineActors(app: App, { inFlight = 100 }: LineActorOptions = {}): Actor[] {
  const [sending, findingOut] = [besides(app, inFlight), besides(app, inFlight)]
  const holder = newHolder(newId(app.clock.now()))
  const dispatch = dispatcher(app, holder, sending)
  const reconcile = reconciler(app, findingOut)
  const freeOrphans = orphans(app, holder)
  const finish = async () => {
    await dispatch.finish()
    await findingOut.finish()
  }
  return [
    {
      name: 'lines',
      goesBeside: true,
      async runDue(now) {
        const { lines, awake } = await app.db.look((tx) => lookForWork(tx, now))
        const freed = await freeOrphans(
          lines.map(({ line }) => line),
          now,
        )
        if (freed > 0) return freed
        const asksWhether = lines.some(
          ({ line }) => line.isInUse && line.health.probeAt && line.health.probeAt <= now,
        )
        const probed = asksWhether ? await probe(app, findingOut, now) : 0
        // what has moved is looked at anew, where it now waits
        const moved = await moveOver(app, lines, now)
        const sent = moved > 0 ? moved : await dispatch.send(lines, now)
        return probed + sent + (awake ? await reconcile(now) : 0)
      },
      async nextAt() {
        // the clock moves on once this is answered, so nothing may be under way that it would overtake
        await finish()
        return app.db.look(async (tx) => {
          const instants = (await nextOfLines(tx, app.clock.now())).flatMap((next) =>
            instantsOf(next, holder),
          )
          return earliest([...instants, await nextWake(tx), await nextProbe(tx)])
        })
      },
      async finish() {
        await finish()
        // another worker need not wait until the leases run out
        await app.db.everywhere((tx) => releaseLines(tx, holder.owner)).catch(() => {})
      },
    },
  ]
}

/** When what waits at a line can go out or is of no use any more. Full lines and busy numbers name no instant: an end frees them. */
function instantsOf({ line, kind, mayGoAt, expiresAt, liveCalls }: NextOfLine, holder: Holder): Date[] {
  const isFull = kind === 'call' && liveCalls >= line.concurrentCalls
  if (!mayGoAt || isFull) return [expiresAt]
  const bounds = [mayGoAt, kind === 'call' ? line.nextCallAt : line.nextTextAt]
  if (!isHeldBy(holder, line)) bounds.push(line.leaseUntil)
  return [expiresAt, new Date(Math.max(...bounds.map((bound) => bound.getTime())))]
}

function earliest(instants: readonly (Date | null)[]): Date | null {
  let first: Date | null = null
  for (const instant of instants) if (instant && (!first || instant < first)) first = instant
  return first
}
