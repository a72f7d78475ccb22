// Watch / looks: one look at everything: the database by a write of the watch's own, then the rows. Called by round.ts; what it means
// is decided in judge.ts.
import type { App } from '../app.ts'
import { dayAhead, tooLateMs } from '../forecast/forecast.ts'
import { linesInUse, nextOfLines } from '../lines/lines.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { heardOfWithinMs, stuckForMs } from './judge.ts'
import {
  beats,
  lastWatchCall,
  latestCalls,
  mailRefusedSince,
  oldestOverdue,
  saveLook,
  tablesThatWake,
} from './store.ts'
import type { DatabaseIs, Rows } from './types.ts'

const minute = 60_000
/** Calls older than this say nothing about now. */
const latestMs = 10 * minute
const latestEach = 4
/** Lateness further ahead than this was told of by the forecast itself. */
const aheadMs = 120 * minute
/** Living through the coming day on paper takes longer than all else, and the day changes slowly. */
const forecastEveryMs = 40_000

/** What one look found. @property code what the database said, when it is not well */
export type Looked =
  | { database: 'well'; rows: Rows }
  | { database: Exclude<DatabaseIs, 'well'>; code: string }

/**
 * Never throws: a database that does not answer is what it looks for.
 * @param app on the watch's own connections
 * @param monotonicMs for "how long ago in this process"
 */
export function looker(app: App, monotonicMs: () => number): () => Promise<Looked> {
  const startedAt = app.clock.now()
  let tables: string[] | null = null
  let ahead: { peaks: Rows['latePeaks']; atMs: number } | null = null

  async function latePeaks(now: Date): Promise<Rows['latePeaks']> {
    if (!ahead || monotonicMs() - ahead.atMs >= forecastEveryMs) {
      const { lines } = await dayAhead(app)
      const peaks = lines.flatMap(({ line, peaks }) =>
        peaks.map(({ from, worstLateMs }) => ({ line: line.name, from, lateMs: worstLateMs })),
      )
      ahead = { peaks: peaks.filter(({ lateMs }) => lateMs > tooLateMs), atMs: monotonicMs() }
    }
    const until = new Date(now.getTime() + aheadMs)
    const soon = ahead.peaks.filter(({ from }) => from <= until)
    return [...Map.groupBy(soon, ({ line }) => line).values()].map((peaks) => peaks[0]!)
  }

  async function rowsAt(now: Date): Promise<Rows> {
    const before = (ms: number) => new Date(now.getTime() - ms)
    tables ??= await app.db.look((tx) => tablesThatWake(tx))
    const names = tables
    return app.db.look(async (tx) => ({
      beats: await beats(tx),
      overdue: await oldestOverdue(tx, names, now),
      lines: await linesInUse(tx),
      couldLeave: await nextOfLines(tx, before(stuckForMs)),
      latestCalls: await latestCalls(tx, {
        from: before(latestMs),
        until: before(heardOfWithinMs),
        each: latestEach,
      }),
      mailRefusedSince: await mailRefusedSince(tx),
      latePeaks: await latePeaks(now),
      watchCall: app.config.watchNumber ? await lastWatchCall(tx, startedAt) : null,
    }))
  }

  return async () => {
    const now = app.clock.now()
    try {
      await app.db.in({ organisationId: familiesOrganisation }, (tx) => saveLook(tx, now))
      return { database: 'well', rows: await rowsAt(now) }
    } catch (error) {
      const { code, name } = error as { code?: string; name?: string }
      return { database: whatItIs(code ?? ''), code: code ?? name ?? 'no answer' }
    }
  }
}

/** PostgreSQL's own codes (its manual, appendix A): 53100 disk full, 58030 I/O error, 25006 read-only transaction. */
function whatItIs(code: string): Exclude<DatabaseIs, 'well'> {
  if (code === '25006') return 'read-only'
  return code === '53100' || code === '58030' ? 'full' : 'gone'
}
