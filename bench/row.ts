// Bench / row: what one row of the table is made of, how rounds become medians, and how a median is held against its aim.
import type { World } from './world.ts'

/** Figures of one round, or their medians, by name. */
export type Figures = Readonly<Record<string, number>>

export interface Row {
  readonly name: string
  /** Every figure that it compares is measured in the same round, one right after the other. */
  measure(bench: Bench): Promise<Figures>
  judge(medians: Figures): readonly Finding[]
  /** Too long to be measured three times. */
  readonly once?: true
}

export interface Bench {
  /** The database, the worker's App and the people who are called. Made when first asked for. */
  world(): Promise<World>
  /** A short round that shows that the bench works. Its numbers mean nothing. */
  readonly isQuick: boolean
}

/** One line of the table. `isMet` null: there is no aim, it is said for itself. */
export interface Finding {
  what: string
  aim: string
  measured: string
  isMet: boolean | null
}

/** This machine cannot measure it; the reason is printed. */
export class NotRun extends Error {}

export function mediansOf(rounds: readonly Figures[]): Figures {
  const names = Object.keys(rounds[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name]!))]))
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** @param share from 0 to 1 */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

export function atLeast(what: string, ratio: number, aim: number, of: string): Finding {
  return {
    what,
    aim: `≥ ${aim} × ${of}`,
    measured: `${ratio.toFixed(2)} × ${of}`,
    isMet: ratio >= aim,
  }
}

export function atMost(what: string, ratio: number, aim: number, of: string): Finding {
  return { what, aim: `≤ ${aim} × ${of}`, measured: `${ratio.toFixed(2)} × ${of}`, isMet: ratio <= aim }
}

export function withinMs(what: string, ms: number, aim: number): Finding {
  return { what, aim: `≤ ${aim} ms`, measured: `${ms.toFixed(ms < 10 ? 1 : 0)} ms`, isMet: ms <= aim }
}

export const perSecond = (count: number): string => `${Math.round(count).toLocaleString('en')}/s`

/** Several figures in one sentence, which has no aim. */
export function said(what: string, measured: string): Finding {
  return { what, aim: '', measured, isMet: null }
}
