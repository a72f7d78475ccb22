// Siege / judge: holds what the telephone network and the mail room saw against what the application says, by the six rules of the
// rehearsal, and makes the table. Called by siege.ts when everything has settled.
import type { LedgerEvent, OutcomeEvent } from '../../src/rehearsal/ledger.ts'
import type { Scenario } from '../../src/rehearsal/scenario.ts'
import { type Aside, broken, isAbout, type Rule } from '../rehearsal/rules.ts'

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
  neverAFlood: 'alarmed twice for what could not be placed',
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
      ...wordOf(outcomes, ledger),
      ...(Object.keys(means) as Rule[]).map((rule): [string, number] => [
        means[rule],
        found.filter((each) => each.rule === rule).length,
      ]),
    ],
  }
}

/** How long it took, faults included, from the outcome until the first word of it to anybody. */
function wordOf(outcomes: readonly OutcomeEvent[], ledger: readonly LedgerEvent[]): [string, number][] {
  const seconds = outcomes
    .filter(({ outcome }) => outcome === 'missed' || outcome === 'not placed' || outcome === 'help requested')
    .flatMap((outcome) => {
      const word = ledger.find(
        (e) => 'purpose' in e && e.purpose === 'alert' && e.at >= outcome.at && isAbout(e, outcome.receiver),
      )
      return word ? [Math.round((Date.parse(word.at) - Date.parse(outcome.at)) / 1000)] : []
    })
    .sort((a, b) => a - b)
  if (seconds.length === 0) return []
  return [
    ['seconds until somebody was told, median', seconds[Math.floor(seconds.length / 2)]!],
    ['  worst', seconds.at(-1)!],
  ]
}

/** Two columns. */
export function table(rows: readonly (readonly [string, number | string])[]): string {
  const width = Math.max(...rows.map(([what]) => what.length))
  return rows.map(([what, value]) => `${what.padEnd(width)}  ${String(value).padStart(7)}`).join('\n')
}
