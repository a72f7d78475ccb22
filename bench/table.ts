// Bench / table: the one table that is printed, and below it what is said beside it; in a form that docs/proof.md takes as it is.
import type { Finding } from './row.ts'

export interface Line extends Finding {
  row: string
  /** why there is no number */
  notRun?: string
}

const heads = ['row', 'what', 'aim', 'measured', ''] as const

export function printed(lines: readonly Line[]): string {
  const hasAim = ({ isMet, notRun }: Line) => isMet !== null || notRun !== undefined
  const beside = lines.filter((line) => !hasAim(line))
  const notes = beside.map(({ row, what, measured }) => `- ${row}: ${what}: ${measured}`)
  return `${tableOf(lines.filter(hasAim))}\n\n${notes.join('\n')}`
}

function tableOf(lines: readonly Line[]): string {
  const cells = [
    [...heads],
    ...lines.map(({ row, what, aim, measured, isMet, notRun }) => [
      row,
      what,
      aim,
      measured,
      notRun ? `NOT RUN (${notRun})` : isMet ? 'met' : 'not met',
    ]),
  ]
  const widths = heads.map((_, column) => Math.max(3, ...cells.map((line) => line[column]!.length)))
  const shown = cells.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  )
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [shown[0], rule, ...shown.slice(1)].join('\n')
}
