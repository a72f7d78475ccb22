// Simulation / days / run: lives many worlds, one after the other, and says in a table what they came to. Called by days.test.ts and by
// `npm run simulate`.
import { type Kind, kinds, pairs } from './faults.ts'
import { type Lived, live } from './live.ts'

export { ranBesideGivenUp, unknownAnswers } from './rules.ts'

export interface Simulated {
  worlds: number
  personDays: number
  commits: number
  /** milliseconds of one processor */
  tookMs: number
  /** the first worlds in which a rule broke */
  broken: { seed: number; rules: readonly string[] }[]
  counts: Map<string, number>
  struck: Map<Kind, number>
  /** for each pair of kinds, how many calls both touched */
  pairs: { pair: readonly [Kind, Kind]; calls: number }[]
  touchedCalls: number
}

/** So many broken worlds say enough. */
const brokenAtMost = 5
/** A pair of faults counts as tried when so many calls were touched by both. */
export const triedAt = 100

/**
 * Live worlds of the seeds from `first` on, until they come to so many days of one person, or up to the seed `last`.
 * @param pause called between worlds, so that whoever waits may breathe
 */
export async function simulate(
  {
    first,
    last = Number.POSITIVE_INFINITY,
    personDays = Number.POSITIVE_INFINITY,
  }: {
    first: number
    last?: number
    personDays?: number
  },
  pause: (soFar: Simulated) => Promise<void> = async () => {},
): Promise<Simulated> {
  const all: Simulated = {
    worlds: 0,
    personDays: 0,
    commits: 0,
    tookMs: 0,
    broken: [],
    counts: new Map(),
    struck: new Map(),
    pairs: pairs.map((pair) => ({ pair, calls: 0 })),
    touchedCalls: 0,
  }
  for (let seed = first; seed <= last && all.personDays < personDays; seed++) {
    const before = process.cpuUsage()
    const lived = live(String(seed))
    add(all, seed, lived)
    const { user, system } = process.cpuUsage(before)
    all.tookMs += (user + system) / 1000
    if (all.broken.length >= brokenAtMost) break
    await pause(all)
  }
  return all
}

function add(all: Simulated, seed: number, lived: Lived): void {
  all.worlds++
  all.personDays += lived.personDays
  all.commits += lived.commits
  if (lived.broken.length > 0) all.broken.push({ seed, rules: lived.broken })
  for (const [what, count] of lived.counts) all.counts.set(what, (all.counts.get(what) ?? 0) + count)
  for (const [kind, count] of lived.struck) all.struck.set(kind, (all.struck.get(kind) ?? 0) + count)
  for (const bits of lived.touched) {
    all.touchedCalls++
    for (const one of all.pairs) if (hasBoth(bits, one.pair)) one.calls++
  }
}

const bitOf = new Map(kinds.map((kind, at) => [kind, 1 << at]))
const hasBoth = (bits: number, [one, other]: readonly [Kind, Kind]): boolean =>
  (bits & bitOf.get(one)!) !== 0 && (bits & bitOf.get(other)!) !== 0

export const pairsTried = ({ pairs: all }: Simulated): number =>
  all.filter(({ calls }) => calls >= triedAt).length

const figure = (count: number): string => Math.round(count).toLocaleString('en-GB')

/** Everything that a person wants to know of it, as Markdown. */
export function tableOf(all: Simulated): string {
  const perSecond = all.personDays / (all.tookMs / 1000)
  return [
    `${figure(all.personDays)} person-days in ${figure(all.worlds)} worlds, ${figure(all.commits)} transactions, ${figure(all.tookMs / 1000)} s of one processor (${figure(perSecond)} person-days a second). Rules broken: ${all.broken.length === 0 ? 'none' : `in ${all.broken.length} worlds`}.`,
    '',
    '| What came to pass | Times |',
    '|---|---:|',
    ...[...all.counts].sort(([, a], [, b]) => b - a).map(([what, count]) => `| ${what} | ${figure(count)} |`),
    '',
    `Calls touched by faults: ${figure(all.touchedCalls)}. Of ${all.pairs.length} pairs of kinds ${pairsTried(all)} touched ${triedAt} calls or more. How many calls each pair touched:`,
    '',
    ...coverage(all),
    '',
    ...all.broken.flatMap(({ seed, rules }) => [`seed ${seed}:`, ...rules.map((rule) => `  ${rule}`)]),
  ].join('\n')
}

function coverage(all: Simulated): string[] {
  const calls = (one: Kind, other: Kind) =>
    all.pairs.find(({ pair }) => pair.includes(one) && pair.includes(other) && one !== other)?.calls
  return [
    `| | struck | ${kinds
      .slice(1)
      .map((_, at) => at + 2)
      .join(' | ')} |`,
    `|---|---:|${kinds
      .slice(1)
      .map(() => '---:|')
      .join('')}`,
    ...kinds.map((kind, at) => {
      const row = kinds.slice(1).map((other, next) => (next + 1 > at ? figure(calls(kind, other) ?? 0) : ''))
      return `| ${at + 1} ${kind} | ${figure(all.struck.get(kind) ?? 0)} | ${row.join(' | ')} |`
    }),
  ]
}
