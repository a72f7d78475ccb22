// Siege / plan: a seed becomes an endless row of blows: whom, how, after how long, for how long. Pure. The same seed gives the same row;
// what it hits, real processes on a real machine, is never twice the same.
import type { Fault } from '../../src/exchange/exchange.ts'
import { type Seeded, seeded } from '../../src/kit/seeded.ts'

export type Role = 'worker' | 'web' | 'watch'
export type Wire = 'database' | 'provider' | 'webhooks' | 'mail'
/** What is wrong with the provider, without when: it begins now. */
export type ProviderFault = {
  [K in Fault['kind']]: Omit<Extract<Fault, { kind: K }>, 'from' | 'to'>
}[Fault['kind']]

/** One blow. Times are those of the shared clock. */
export type Blow =
  | { do: 'kill'; role: Role }
  /** SIGSTOP, and SIGCONT later */
  | { do: 'stop'; role: Role; lastsMs: number }
  /** SIGKILL or SIGQUIT to PostgreSQL's first process, or SIGKILL to one of those that serve a connection, which restarts them all */
  | { do: 'crash'; what: 'killed' | 'quit' | 'backend killed' }
  | { do: 'cut'; wire: Wire }
  | { do: 'slow'; wire: Wire; byMs: number; lastsMs: number }
  | { do: 'hold'; wire: Wire; lastsMs: number }
  | { do: 'fault'; fault: ProviderFault; lastsMs: number }

const second = 1000

/** Longer than the lease of a line (5 s); some longer than a claim is asked about (15 s); a few longer than anything is waited for (65 s). */
const stopped = (dice: Seeded): number =>
  dice.pick([dice.int(6, 15), dice.int(6, 15), dice.int(16, 40), dice.int(70, 150)]) * second

const blows: readonly [weight: number, make: (dice: Seeded) => Blow][] = [
  [24, () => ({ do: 'kill', role: 'worker' })],
  [9, () => ({ do: 'kill', role: 'web' })],
  [4, () => ({ do: 'kill', role: 'watch' })],
  [14, (dice) => ({ do: 'stop', role: 'worker', lastsMs: stopped(dice) })],
  [5, (dice) => ({ do: 'stop', role: 'web', lastsMs: dice.int(6, 20) * second })],
  [2, (dice) => ({ do: 'stop', role: 'watch', lastsMs: dice.int(6, 40) * second })],
  [6, (dice) => ({ do: 'crash', what: dice.pick(['killed', 'quit', 'backend killed']) })],
  [14, () => ({ do: 'cut', wire: 'database' })],
  [8, () => ({ do: 'cut', wire: 'provider' })],
  [6, () => ({ do: 'cut', wire: 'webhooks' })],
  [3, () => ({ do: 'cut', wire: 'mail' })],
  [
    4,
    (dice) => ({ do: 'slow', wire: wire(dice), byMs: dice.int(50, 1500), lastsMs: dice.int(5, 25) * second }),
  ],
  [4, (dice) => ({ do: 'hold', wire: wire(dice), lastsMs: dice.int(3, 14) * second })],
  [9, (dice) => ({ do: 'fault', fault: providerFault(dice), lastsMs: dice.int(10, 50) * second })],
]

const wire = (dice: Seeded): Wire => dice.pick(['database', 'database', 'provider', 'webhooks', 'mail'])

function providerFault(dice: Seeded): ProviderFault {
  const share = dice.pick([0.3, 0.7, 1])
  const fault = dice.pick<ProviderFault>([
    { kind: 'down' },
    { kind: 'errors', status: dice.pick([500, 503]), share },
    { kind: '429', share },
    { kind: 'lost response', share, how: dice.pick(['reset', 'silence', '500']) },
    { kind: 'lost response', share, how: 'reset' },
    {
      kind: 'callbacks',
      lose: dice.pick([0, 0.3, 1]),
      duplicate: dice.pick([0, 0.5, 1]),
      reorder: dice.bool(),
      delaySeconds: dice.pick([0, 5, 90]),
    },
    { kind: 'early callbacks', share },
    { kind: 'late callbacks', share },
    { kind: 'bad signature', share },
    { kind: 'slow queue', seconds: dice.int(5, 30) },
    { kind: 'list lags', seconds: dice.int(5, 30) },
    { kind: 'wrong machine', share },
  ])
  return dice.bool() ? fault : { ...fault, line: dice.pick(['main', 'second']) }
}

/** A process killed or stopped, a server crashed, a wire cut: what a fault of the provider, or slowness, is not. */
export const isKillPoint = ({ do: what }: Blow): boolean => ['kill', 'stop', 'crash', 'cut'].includes(what)

/** As it stands in the table. */
export function nameOf(blow: Blow): string {
  switch (blow.do) {
    case 'kill':
      return `${blow.role} killed`
    case 'stop':
      return `${blow.role} stopped`
    case 'crash':
      return `PostgreSQL ${blow.what}`
    case 'cut':
      return `${blow.wire} cut`
    case 'slow':
      return `${blow.wire} slowed`
    case 'hold':
      return `${blow.wire} held`
    case 'fault':
      return `provider: ${blow.fault.kind}`
  }
}

/** @param meanMs from blow to blow, on the average */
export function* plan(seed: number, meanMs: number): Generator<{ afterMs: number; blow: Blow }, never> {
  const dice = seeded(`siege ${seed}`)
  // each as often as it weighs
  const drum = blows.flatMap(([weight, make]) => Array.from({ length: weight }, () => make))
  for (;;) yield { afterMs: dice.int(0, 2 * meanMs), blow: dice.pick(drum)(dice) }
}
