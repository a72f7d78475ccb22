// From Stryker's report to a table and the list of survivors. Pure.
import type { Group } from './groups.ts'
import { type Survivor, survivors } from './survivors.ts'

/** Of the report, what we read. */
interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>
}

interface Mutant {
  mutatorName: string
  status: string
  replacement?: string
  location: { start: Place; end: Place }
}

interface Place {
  line: number
  column: number
}

export interface Judged {
  group: string
  file: string
  caught: number
  all: number
  aim: number
  isMet: boolean
  alive: { line: number; from: string; to: string; because: string | null }[]
  /** listed as survivors, and caught by now */
  dead: readonly Survivor[]
}

const caughtAs = ['Killed', 'Timeout']
const aliveAs = ['Survived', 'NoCoverage']

/** @param report the JSON of Stryker's reporter `json`. What could not be run at all counts for nothing. */
export function judge(group: Group, report: string): Judged[] {
  const { files } = JSON.parse(report) as Report
  return Object.entries(files).map(([file, { source, mutants }]) => {
    const caught = mutants.filter(({ status }) => caughtAs.includes(status)).length
    const alive = mutants
      .filter(({ status }) => aliveAs.includes(status))
      .map((mutant) => {
        const from = textAt(source, mutant.location)
        const to = mutant.replacement ?? mutant.mutatorName
        const known = survivors.find((one) => one.file === file && one.from === from && one.to === to)
        return { line: mutant.location.start.line, from, to, because: known?.because ?? null }
      })
    const all = caught + alive.length
    return {
      group: group.name,
      file,
      caught,
      all,
      aim: group.aim,
      isMet: all > 0 && caught / all >= group.aim,
      alive,
      dead: survivors.filter(
        (one) => one.file === file && !alive.some(({ from, to }) => from === one.from && to === one.to),
      ),
    }
  })
}

function textAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1)
  lines[0] = lines[0]!.slice(start.column - 1)
  return lines.join('\n')
}

export function table(judged: readonly Judged[]): string {
  const rows = judged.map(({ group, file, caught, all, aim, isMet }) => [
    group,
    file,
    `${caught} of ${all}`,
    `${((100 * caught) / all).toFixed(1)} %`,
    `${100 * aim} %`,
    isMet ? 'met' : 'NOT MET',
  ])
  const all = [['group', 'file', 'caught', 'share', 'aim', ''], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, '', ...judged.flatMap(survivorsInWords)].join('\n')
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 90)

const survivorsInWords = ({ file, alive, dead }: Judged): string[] => [
  ...alive.map(
    ({ line, from, to, because }) =>
      `${file}:${line}  ${oneLine(from)}  →  ${oneLine(to)}\n    ${because ?? 'NO REASON GIVEN: write the test, or the reason in test/mutation/survivors.ts'}`,
  ),
  ...dead.map(
    ({ from, to }) => `${file}: caught by now, no longer to be listed:  ${oneLine(from)}  →  ${oneLine(to)}`,
  ),
]
