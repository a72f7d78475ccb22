// Bench: `npm run bench`, or `npm run bench -- dispatch state` for some rows. Prints one table of what was measured here and now; never a
// test, because machines are noisy. Three rounds go over all rows, so that whatever disturbs the machine disturbs everything alike; of
// each figure the median counts, and what has an aim is a ratio of figures of the same rounds (docs/decisions/0035). `--quick` goes once
// over everything with next to no work: its numbers mean nothing, it shows that the bench works.
import { availableParallelism, loadavg } from 'node:os'
import { floorsAreMeasuredBy } from './floors.ts'
import { type Bench, type Figures, mediansOf, NotRun, type Row } from './row.ts'
import { dispatch } from './rows/dispatch.ts'
import { killed } from './rows/killed.ts'
import { life } from './rows/life.ts'
import { limiter } from './rows/limiter.ts'
import { memory } from './rows/memory.ts'
import { pages } from './rows/pages.ts'
import { rehearsal } from './rows/rehearsal.ts'
import { rush } from './rows/rush.ts'
import { snapshot } from './rows/snapshot.ts'
import { start } from './rows/start.ts'
import { state } from './rows/state.ts'
import { sweep } from './rows/sweep.ts'
import { visit } from './rows/visit.ts'
import { webhook } from './rows/webhook.ts'
import { workers } from './rows/workers.ts'
import { type Line, printed } from './table.ts'
import { openWorld, type World } from './world.ts'

const rows: readonly Row[] = [
  dispatch,
  state,
  life,
  rush,
  killed,
  limiter,
  snapshot,
  webhook,
  sweep,
  pages,
  memory,
  workers,
  start,
  rehearsal,
  visit,
]
const say = (line: string) => process.stdout.write(`${line}\n`)

const words = process.argv.slice(2).filter((word) => word !== 'bench')
const isQuick = words.includes('--quick')
const rounds = isQuick ? 1 : Number(words.find((word) => /^--rounds=\d+$/.test(word))?.slice(9) ?? 3)
const asked = words.filter((word) => word !== '--quick' && !/^--rounds=\d+$/.test(word))
const unknown = asked.find((name) => !rows.some((row) => row.name === name))
if (unknown === undefined) process.exitCode = await main()
else {
  console.error(`bench: there is no row "${unknown}"; there are ${rows.map(({ name }) => name).join(', ')}`)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const opened: { world?: Promise<World> } = {}
  const bench: Bench = {
    isQuick,
    world() {
      opened.world ??= openWorld()
      return opened.world
    },
  }
  const wanted = rows.filter(({ name }) => asked.length === 0 || asked.includes(name))
  const [load] = loadavg()
  say(
    `Node ${process.version}, ${availableParallelism()} processors, load ${load!.toFixed(1)} at the beginning. Floors by ${await floorsAreMeasuredBy()}.`,
  )
  try {
    const results = await inRounds(bench, wanted)
    say(`\n${printed(wanted.flatMap((row) => linesOf(row, results.get(row)!)))}`)
    return [...results.values()].some(({ failed }) => failed) ? 1 : 0
  } finally {
    await (await opened.world)?.close()
  }
}

interface Result {
  measured: Figures[]
  notRun: string | null
  /** it went wrong: not a machine that cannot, but a mistake */
  failed: boolean
}

/** Everything once, then everything again; in the last round also what is measured once. A row that cannot run is not tried again. */
async function inRounds(bench: Bench, wanted: readonly Row[]): Promise<Map<Row, Result>> {
  const results = new Map<Row, Result>(
    wanted.map((row) => [row, { measured: [], notRun: null, failed: false }]),
  )
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  for (let round = 1; round <= rounds; round++)
    for (const [row, result] of results) {
      if (stopping.signal.aborted || result.notRun !== null || (row.once && round < rounds)) continue
      const began = performance.now()
      try {
        result.measured.push(await row.measure(bench))
      } catch (error) {
        result.notRun = error instanceof Error ? error.message : String(error)
        result.failed = !(error instanceof NotRun)
        if (result.failed) console.error(error)
      }
      console.error(`round ${round}, ${row.name}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
    }
  return results
}

function linesOf(row: Row, { measured, notRun }: Result): Line[] {
  const whyNot = notRun ?? (measured.length === 0 ? 'stopped before' : null)
  if (whyNot !== null)
    return [{ row: row.name, what: '', aim: '', measured: '', isMet: null, notRun: whyNot }]
  return row.judge(mediansOf(measured)).map((finding) => ({ row: row.name, ...finding }))
}
