// Watch / alarm: the life of one alarm. Pure. Called by round.ts for every trouble that is or was.
//
//   ── trouble ──► seen ── trouble again ──► raised ── three good looks in a row ──► over ── told ──► gone
//                   │                          ▲                                      │
//                   └── a good look ► gone     └────────────── trouble ───────────────┘
//
// Seen once is told to nobody: it may have been a moment. A raised alarm is told of once, and once more after each hour that it lasts.
// Nobody hears of the end of what nobody was told of.
import { type Alarm, type Judged, kinds, type Tiding, type Trouble } from './types.ts'

const goodEnough = 3
const againAfterMs = 60 * 60_000

/** @param trouble null: this look found nothing wrong here. @returns null once there is nothing left to keep */
export function looked(alarm: Alarm | null, trouble: Trouble | null): Alarm | null {
  if (!alarm) return trouble && { ...trouble, state: 'seen', good: 0, toldAt: null }
  if (trouble)
    return alarm.state === 'raised' && alarm.good === 0 ? alarm : { ...alarm, state: 'raised', good: 0 }
  switch (alarm.state) {
    case 'seen':
      return null
    case 'raised':
      if (alarm.good + 1 < goodEnough) return { ...alarm, good: alarm.good + 1 }
      return alarm.toldAt ? { ...alarm, state: 'over', good: 0 } : null
    case 'over':
      return alarm
  }
}

/** What the operators are to be told of it at `now`; null: nothing. */
export function tidingOf(alarm: Alarm, now: Date): Tiding | null {
  if (alarm.state === 'over') return 'over'
  if (alarm.state === 'seen' || alarm.good > 0) return null
  if (!alarm.toldAt) return 'new'
  return now.getTime() - alarm.toldAt.getTime() >= againAfterMs ? 'again' : null
}

/** Somebody was told. */
export const told = (alarm: Alarm, now: Date): Alarm | null =>
  alarm.state === 'over' ? null : { ...alarm, toldAt: now }

// ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────

export const keyOf = ({ kind, subject }: Pick<Trouble, 'kind' | 'subject'>): string => `${kind}/${subject}`

/** The gravest first. */
export const inOrder = (alarms: readonly Alarm[]): Alarm[] =>
  alarms.toSorted(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.subject.localeCompare(b.subject),
  )

/** Kinds of which a look could say nothing stay as they were. */
export function afterLook(
  alarms: ReadonlyMap<string, Alarm>,
  { troubles, judged }: Judged,
): Map<string, Alarm> {
  const found = new Map(troubles.map((trouble) => [keyOf(trouble), trouble]))
  const after = new Map<string, Alarm>()
  for (const key of new Set([...alarms.keys(), ...found.keys()])) {
    const [alarm, trouble] = [alarms.get(key) ?? null, found.get(key) ?? null]
    const left = trouble || (alarm && judged.has(alarm.kind)) ? looked(alarm, trouble) : alarm
    if (left) after.set(key, left)
  }
  return after
}
