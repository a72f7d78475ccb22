// Exchange / faults: what the provider does wrong, from when to when, on one line or on all (telephony.md §5.5, §5.6); given with a
// scenario, or switched on by a person on the page. Chance comes from the seed, so the same story has the same faults.
// Asked by rest.ts and the rest-*.ts files, callbacks.ts, detection.ts and doors.ts.
import { z } from 'zod'
import { seeded } from '../kit/seeded.ts'

const share = z.number().min(0).max(1)
const lag = z.number().min(0).max(3600)

/**
 * What one fault may say, by its kind; without a `line` it is on every line.
 * @param instant how an instant is written where the fault stands
 */
export function faultSchema<I>(instant: z.ZodType<Date, I>) {
  const where = { line: z.string().optional(), from: instant, to: instant }
  const kind = <K extends string, S extends z.core.$ZodLooseShape>(name: K, more: S) =>
    z.strictObject({ kind: z.literal(name), ...more, ...where })
  return z.discriminatedUnion(
    'kind',
    [
      /** nobody there: connections are refused */
      kind('down', {}),
      /** answers with this status before anything is done; `code`: the provider's own number of the error */
      kind('errors', {
        status: z.number().int().min(400).max(599).default(500),
        code: z.number().int().min(10_000).max(99_999).optional(),
        share: share.default(1),
      }),
      /** too many requests: certainly not processed */
      kind('429', { share: share.default(1) }),
      /** what was asked is done, and the answer never comes: the connection breaks, or is silent, or the answer is a 500 */
      kind('lost response', {
        share: share.default(1),
        how: z.enum(['reset', 'silence', '500']).default('reset'),
      }),
      /** reports get lost, come twice, overtake each other, come late */
      kind('callbacks', {
        lose: share.default(0),
        duplicate: share.default(0),
        reorder: z.boolean().default(false),
        delaySeconds: lag.default(0),
      }),
      /** the first report of a call or a text overtakes the answer to the request for it */
      kind('early callbacks', { share: share.default(1) }),
      /** a report comes after the one of the end */
      kind('late callbacks', { share: share.default(1) }),
      /** a report carries a signature that is none */
      kind('bad signature', { share: share.default(1) }),
      /** calls wait in the provider's own queue before they are dialled */
      kind('slow queue', { seconds: lag.default(60) }),
      /** calls are missing from the list of calls while they are younger than this */
      kind('list lags', { seconds: lag.default(30) }),
      /** a person is taken for a machine, and a machine for a person */
      kind('wrong machine', { share: share.default(1) }),
    ],
    {
      error: (issue) =>
        `${JSON.stringify((issue.input as { kind?: unknown } | null)?.kind)} is no kind of fault: ${faultKinds.map((each) => `"${each}"`).join(', ')} are`,
    },
  )
}

export type Fault = z.output<ReturnType<typeof faultSchema>>
export type FaultKind = Fault['kind']
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>

export const faultKinds = [
  'down',
  'errors',
  '429',
  'lost response',
  'callbacks',
  'early callbacks',
  'late callbacks',
  'bad signature',
  'slow queue',
  'list lags',
  'wrong machine',
] as const

export interface Faults {
  /** The fault of this kind that is on for `line` at `at`, the latest switched on; null when none is. */
  on<K extends FaultKind>(kind: K, line: string, at: number): FaultOf<K> | null
  /** The same, when it strikes this time: chance decides by its share, and it is counted. */
  strikes<K extends FaultKind>(kind: K, line: string, at: number): FaultOf<K> | null
  /** Whether something of this share happens this time. */
  chance(share: number): boolean
  /** A number from 0 up to `to`. */
  random(to: number): number
  /** It was done once more. */
  count(kind: FaultKind): void
  /** How often each kind was done. */
  done(): Readonly<Record<FaultKind, number>>
  /** Everything that is on at `at` or will be. */
  list(at: number): readonly Fault[]
  add(fault: Fault): void
  /** Switch off whatever is on or will be on this line; null: on every line. */
  clear(line: string | null): void
  /** The next instant after `at` at which a fault of this kind begins or ends, or null. */
  nextEdge(kind: FaultKind, at: number): number | null
}

/** @param seed settles every chance */
export function createFaults(given: readonly Fault[], seed: number | string): Faults {
  const dice = seeded(`faults of ${seed}`)
  const done = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>
  let faults = [...given]

  const isOf = (fault: Fault, line: string) => fault.line === undefined || fault.line === line
  const on = <K extends FaultKind>(kind: K, line: string, at: number) =>
    faults.findLast(
      (fault): fault is FaultOf<K> =>
        fault.kind === kind && isOf(fault, line) && fault.from.getTime() <= at && at < fault.to.getTime(),
    ) ?? null
  // nothing is drawn where nothing is in question, so that a fault changes nothing outside of its time
  const chance = (of: number) => of > 0 && (of >= 1 || dice.next() < of)

  return {
    on,
    strikes(kind, line, at) {
      const fault = on(kind, line, at)
      if (!fault || ('share' in fault && !chance(fault.share))) return null
      done[kind]++
      return fault
    },
    chance,
    random: (to) => dice.next() * to,
    count: (kind) => void done[kind]++,
    done: () => done,
    list: (at) => faults.filter((fault) => fault.to.getTime() > at),
    add: (fault) => void faults.push(fault),
    clear(line) {
      faults = faults.filter((fault) => line !== null && !isOf(fault, line))
    },
    nextEdge(kind, at) {
      const edges = faults
        .filter((fault) => fault.kind === kind)
        .flatMap(({ from, to }) => [from.getTime(), to.getTime()])
        .filter((edge) => edge > at)
      return edges.length === 0 ? null : Math.min(...edges)
    },
  }
}
