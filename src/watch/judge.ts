// Watch / judge: from what was seen to what is not well. Pure. Called by round.ts after every look; alarm.ts decides who hears of it.
//
// Each limit leaves room for one more look (every ten seconds) and for telling, so that each trouble is known within ninety seconds.
import type { Line } from '../lines/lines.ts'
import type { DatabaseIs, Judged, Kind, Rows, Seen, Trouble, WatchCall } from './types.ts'

const second = 1000
/** A worker beats every five seconds; a cycle may take a while when very much is due. */
const beatsWithinMs = 45 * second
/** Nothing is overdue for longer than a second or two; a peak of hundreds at one instant takes some more. */
const overdueForMs = 45 * second
/** So long what may leave waits at a line that is free before the dispatcher counts as stuck. */
export const stuckForMs = 45 * second
/** The provider reports within seconds that a call was begun. */
export const heardOfWithinMs = 45 * second
/** One call of which nothing is heard is bad luck, two in a row are none. */
const unheardAtLeast = 2
/** From being made to the key: it rings at once, and its telephone answers by itself. */
export const watchCallWithinMs = 60 * second

/** What is wrong with the database says nothing about the rest: of that nothing is said until it is well again. */
export function judge(seen: Seen): Judged {
  const troubles = [...ofDatabase(seen), ...ofClock(seen), ...(seen.rows ? ofRows(seen.rows, seen.at) : [])]
  const judged = new Set<Kind>(['clock', ...databaseKinds(seen.database), ...(seen.rows ? rowKinds : [])])
  return { troubles, judged }
}

const rowKinds: readonly Kind[] = [
  'workers',
  'dispatcher',
  'overdue',
  'provider',
  'callbacks',
  'watch call',
  'mail',
  'lateness',
]

/** One that cannot be reached may be full as well: nobody knows. */
const databaseKinds = (is: DatabaseIs): readonly Kind[] =>
  is === 'gone' ? ['database gone'] : ['database gone', 'database full', 'database read-only']

const ofDatabase = ({ database, at }: Seen): Trouble[] =>
  database === 'well' ? [] : [{ kind: `database ${database}`, subject: '', since: at }]

const ofClock = ({ clockJumpedAt }: Seen): Trouble[] =>
  clockJumpedAt ? [{ kind: 'clock', subject: '', since: clockJumpedAt }] : []

function ofRows(rows: Rows, at: Date): Trouble[] {
  const found = [
    ofWorkers(rows.beats, at),
    rows.overdue && isOlder(rows.overdue.wakeAt, overdueForMs, at)
      ? trouble('overdue', rows.overdue.wakeAt)
      : null,
    ...ofDispatcher(rows, at),
    ...rows.lines.map(({ line }) => ofProvider(line)),
    ...rows.lines.map(({ line }) => ofCallbacks(line, rows.latestCalls.get(line.id) ?? [])),
    rows.watchCall && ofWatchCall(rows.watchCall, rows.lines, at),
    rows.mailRefusedSince && trouble('mail', rows.mailRefusedSince),
    ...rows.latePeaks.map(({ line }) => trouble('lateness', at, line)),
  ]
  return found.filter((one) => one !== null)
}

const trouble = (kind: Kind, since: Date, subject = ''): Trouble => ({ kind, subject, since })
const isOlder = (instant: Date, ms: number, at: Date): boolean => at.getTime() - instant.getTime() > ms

/** One that works is enough: it takes over what the others leave. */
function ofWorkers(beats: readonly Date[], at: Date): Trouble | null {
  const last = beats.toSorted((a, b) => a.getTime() - b.getTime()).at(-1)
  return !last || isOlder(last, beatsWithinMs, at) ? trouble('workers', last ?? at) : null
}

/** Something may leave, the line has a place for it and was free all the time: then its dispatcher does not move. */
function ofDispatcher({ couldLeave }: Rows, at: Date): Trouble[] {
  const stuck = new Map<string, Trouble>()
  for (const { line, kind, mayGoAt, liveCalls } of couldLeave) {
    const since = kind === 'call' ? line.nextCallAt : line.nextTextAt
    const isFull = kind === 'call' && liveCalls >= line.concurrentCalls
    if (!mayGoAt || isFull || !isOlder(mayGoAt, stuckForMs - 1, at) || !isOlder(since, stuckForMs - 1, at))
      continue
    stuck.set(line.name, trouble('dispatcher', mayGoAt, line.name))
  }
  return [...stuck.values()]
}

const ofProvider = ({ name, health }: Line): Trouble | null =>
  health.is === 'failed' ? trouble('provider', health.since, name) : null

function ofCallbacks(
  { name }: Line,
  latest: readonly { placedAt: Date; isHeardOf: boolean }[],
): Trouble | null {
  if (latest.length < unheardAtLeast || latest.some(({ isHeardOf }) => isHeardOf)) return null
  return trouble('callbacks', latest.at(-1)!.placedAt, name)
}

/** More urgent calls may have taken its place on a line that moves: then it has proved nothing, and nothing is wrong. */
function ofWatchCall(call: WatchCall, lines: Rows['lines'], at: Date): Trouble | null {
  if (call.endedAt === null)
    return isOlder(call.madeAt, watchCallWithinMs, at) ? trouble('watch call', call.madeAt) : null
  const isOvertaken = call.code === 'too late' && lines.some(({ line }) => line.nextCallAt > call.madeAt)
  return call.result === 'acknowledged' || isOvertaken ? null : trouble('watch call', call.madeAt)
}
