// Bench / table: the one table that is printed, in a form that docs/proof.md takes as it is.
import type { Finding } from './row.ts'

export interface Line extends Finding {
  row: string
  /** why there is no number */
  notRun?: string
}

const heads = ['row', 'what', 'aim', 'measured', ''] as const

export function tableOf(lines: readonly Line[]): string {
  const cells = [
    [...heads],
    ...lines.map(({ row, what, aim, measured, isMet, notRun }) => [
      row,
      what,
      aim,
      measured,
      notRun ? `NOT RUN (${notRun})` : isMet === null ? '' : isMet ? 'met' : 'not met',
    ]),
  ]
  const widths = heads.map((_, column) => Math.max(3, ...cells.map((line) => line[column]!.length)))
  const printed = cells.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  )
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [printed[0], rule, ...printed.slice(1)].join('\n')
}
