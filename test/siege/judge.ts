// Siege / judge: holds what the telephone network and the mail room saw against what the application says, by the six rules of the
// rehearsal, and makes the table. Called by siege.ts when everything has settled.
import type { LedgerEvent, OutcomeEvent } from '../../src/rehearsal/ledger.ts'
import type { Scenario } from '../../src/rehearsal/scenario.ts'
import { type Aside, broken, type Rule } from '../rehearsal/rules.ts'

export interface Judged {
  /** One line each, with enough to look further. */
  wrong: readonly string[]
  rows: readonly [what: string, count: number][]
}

/** How the table calls what a broken rule means. */
const means: Readonly<Record<Rule, string>> = {
  everySlotEnds: 'lost, or ended twice',
  nobodyRungTooMuch: 'doubled',
  nobodyRungForWhatIsOver: 'rung for what was over',
  neverTooFast: 'faster than the line',
  acknowledgedOnlyByPeople: 'acknowledged by nobody',
  everyMissAlerts: 'alerts late or missing',
  unacceptedIsHandedOver: 'alerts given up quietly',
  nothingStale: 'stale',
}

export function judge(scenario: Scenario, ledger: readonly LedgerEvent[], aside: readonly Aside[]): Judged {
  const found = broken(scenario, ledger, aside)
  const outcomes = ledger.filter((e): e is OutcomeEvent => e.event === 'outcome')
  const count = (what: OutcomeEvent['outcome']) => outcomes.filter(({ outcome }) => outcome === what).length
  const ended: OutcomeEvent['outcome'][] = [
    'acknowledged',
    'help requested',
    'missed',
    'not placed',
    'skipped',
  ]
  return {
    wrong: found.map(({ rule, what }) => `${means[rule]}: ${what}`),
    rows: [
      ['calls due', outcomes.length],
      ...ended.map((what): [string, number] => [`  ${what}`, count(what)]),
      ['rings', ledger.filter((e) => e.event === 'ring').length],
      ['texts', ledger.filter((e) => e.event === 'text').length],
      ['e-mails', ledger.filter((e) => e.event === 'email').length],
      ['alerts', ledger.filter((e) => e.event === 'alert' && e.state === 'open').length],
      ...(Object.keys(means) as Rule[]).map((rule): [string, number] => [
        means[rule],
        found.filter((each) => each.rule === rule).length,
      ]),
    ],
  }
}

/** Two columns. */
export function table(rows: readonly (readonly [string, number | string])[]): string {
  const width = Math.max(...rows.map(([what]) => what.length))
  return rows.map(([what, value]) => `${what.padEnd(width)}  ${String(value).padStart(7)}`).join('\n')
}
