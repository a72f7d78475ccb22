// Outages / look: every outage of the last month, newest first, with all that its page says. Reads only. Called through the door.
import type { Tx } from '../db/db.ts'
import { lastWorkIn, lateCalls, type Touched, touchedBy } from './store.ts'
import { noticedMs, type Stretch, stretchesOf, unworked } from './stretches.ts'

const lookBackMs = 30 * 24 * 60 * 60_000
const shownAtMost = 10

export interface OutageView extends Stretch {
  /** calls that were due in it */
  due: number
  /** of these, begun late; and by how much at most */
  late: number
  latestMs: number
  notPlaced: number
  /** not decided yet */
  waiting: number
  /** calls that had begun before it, and ended after its beginning */
  underWay: number
  /** people of whom more is to be said than that a call came late and was answered, each with the calls concerned */
  people: PersonTouched[]
  /** how many others had their calls, late or not, and answered or were spared them */
  othersWell: number
}

export interface PersonTouched {
  serviceId: string
  name: string
  calls: Touched[]
}

/** @returns at most ten */
export async function recentOutages(tx: Tx, now: Date): Promise<OutageView[]> {
  const late = await lateCalls(tx, new Date(now.getTime() - lookBackMs), now)
  const found: OutageView[] = []
  for (const stretch of stretchesOf(late).toReversed()) {
    if (found.length === shownAtMost) break
    const outage = unworked(stretch, await lastWorkIn(tx, stretch, now), now)
    if (outage) found.push(viewOf(outage, await touchedBy(tx, outage, now)))
  }
  return found
}

export function viewOf(outage: Stretch, touched: readonly Touched[]): OutageView {
  const due = touched.filter(({ dueAt }) => dueAt >= outage.from)
  const lateMs = due.flatMap(({ begunAt, dueAt }) =>
    begunAt && begunAt.getTime() - dueAt.getTime() > noticedMs ? [begunAt.getTime() - dueAt.getTime()] : [],
  )
  const byPerson = [...Map.groupBy(touched, ({ serviceId }) => serviceId)]
  const people = byPerson.filter(([, calls]) => calls.some(isToBeTold))
  return {
    ...outage,
    due: due.length,
    late: lateMs.length,
    latestMs: Math.max(0, ...lateMs),
    notPlaced: touched.filter(({ outcome }) => outcome === 'not placed').length,
    waiting: due.filter(({ state }) => state === 'waiting').length,
    underWay: touched.length - due.length,
    people: people.map(([serviceId, calls]) => ({ serviceId, name: calls[0]!.receiverName, calls })),
    othersWell: byPerson.length - people.length,
  }
}

const isToBeTold = ({ outcome, alert }: Touched): boolean =>
  alert !== null || (outcome !== 'acknowledged' && outcome !== 'skipped')
