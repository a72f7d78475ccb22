// Watch / round: the shell: look, judge, keep the alarms, tell, call ourselves, say that we are alive. Holds in memory what it must
// know when the database is gone. Driven by run.ts in real time, and by tests on a clock that is moved.
import type { App } from '../app.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { afterLook, inOrder, keyOf, tidingOf, told } from './alarm.ts'
import { type Clocks, jumpWatcher, moveWatcher } from './clocks.ts'
import { judge } from './judge.ts'
import { type Looked, looker } from './looks.ts'
import { keptAlarms, saveAlarms } from './store.ts'
import { audienceNow, audienceOfSettings, tell } from './tell.ts'
import type { Alarm, Rows, Standing } from './types.ts'
import { makeWatchCall } from './watch-call.ts'

const callEveryMs = 5 * 60_000
const aliveEveryMs = 60_000

export interface WatchGiven extends Clocks {
  sayAlive: (url: string) => Promise<boolean>
}

export interface Watch {
  /** One look and all that follows. Never throws. */
  round(): Promise<void>
  standing(): Promise<Standing>
}

/** @param app with a database connection of the watch's own */
export function createWatch(app: App, given: WatchGiven): Watch {
  const { monotonicMs } = given
  const look = looker(app, monotonicMs)
  const jumped = jumpWatcher(given)
  const wasMoved = moveWatcher(given)
  let alarms: Map<string, Alarm> | null = null
  let audience = audienceOfSettings(app)
  let rows: Rows | null = null
  let wasWell = false
  let areKept = false
  let lookedAt: { at: Date; ms: number } | null = null
  let calledMs = monotonicMs()
  let aliveMs = Number.NEGATIVE_INFINITY

  async function round(): Promise<void> {
    const at = app.clock.now()
    const seen = await look()
    const isWell = seen.database === 'well'
    if (isWell) rows = seen.rows
    const isMoved = wasMoved()
    const judged = judge({
      at,
      database: seen.database,
      clockJumpedAt: jumped(),
      // after an outage, or a clock that was moved, everybody first has to catch up
      rows: isWell && wasWell && !isMoved ? seen.rows : null,
    })
    wasWell = isWell
    const before = alarms ?? (await keptBefore())
    change(afterLook(before, judged))
    note(before, alarms ?? before, seen)
    if (isWell) await remember()
    await tellAbout(at)
    if (!isWell) return
    await save()
    lookedAt = { at, ms: monotonicMs() }
    await callOurselves()
    await aliveToOutside()
  }

  function change(after: Map<string, Alarm>): void {
    const isSame =
      after.size === alarms?.size && [...after].every(([key, alarm]) => alarms?.get(key) === alarm)
    areKept &&= isSame
    alarms = after
  }

  /** What a watch before us knew. */
  async function keptBefore(): Promise<Map<string, Alarm>> {
    const kept = await app.db.look((tx) => keptAlarms(tx)).catch(() => [])
    return new Map(kept.map((alarm) => [keyOf(alarm), alarm]))
  }

  function note(before: ReadonlyMap<string, Alarm>, after: ReadonlyMap<string, Alarm>, seen: Looked): void {
    const code = seen.database === 'well' ? undefined : seen.code
    for (const [key, { kind, subject, state }] of after) {
      if (state !== 'raised' || before.get(key)?.state === 'raised') continue
      app.log.error('an alarm was raised', new Error(kind), { room: 'watch', kind, subject, code })
    }
    for (const [key, { kind, subject, state }] of before)
      if (state === 'raised' && after.get(key)?.state !== 'raised')
        app.log.warn('an alarm is over', { room: 'watch', kind, subject })
  }

  async function remember(): Promise<void> {
    try {
      audience = await audienceNow(app)
    } catch (error) {
      app.log.warn('whom to tell could not be read', {
        room: 'watch',
        code: (error as { code?: string }).code,
      })
    }
  }

  async function tellAbout(at: Date): Promise<void> {
    const known = alarms ?? new Map<string, Alarm>()
    const tidings = inOrder([...known.values()]).flatMap((alarm) => {
      const tiding = tidingOf(alarm, at)
      return tiding ? [{ alarm, tiding }] : []
    })
    if (tidings.length === 0) return
    const lines = rows?.lines.map(({ line }) => line) ?? []
    const reached = await tell(app, { audience, lines }, tidings).catch((error) => {
      app.log.error('the operators could not be told', error, { room: 'watch' })
      return 0
    })
    if (reached === 0) return
    const after = new Map(known)
    for (const { alarm } of tidings) {
      const left = told(alarm, at)
      if (left) after.set(keyOf(alarm), left)
      else after.delete(keyOf(alarm))
    }
    change(after)
  }

  async function save(): Promise<void> {
    if (areKept) return
    const all = [...(alarms?.values() ?? [])]
    try {
      await app.db.in({ organisationId: familiesOrganisation }, (tx) => saveAlarms(tx, all))
      areKept = true
    } catch (error) {
      app.log.error('the alarms could not be kept', error, { room: 'watch' })
    }
  }

  /** Line by line in turn, so that each is proved. */
  async function callOurselves(): Promise<void> {
    const number = app.config.watchNumber
    if (!number || !rows || monotonicMs() - calledMs < callEveryMs) return
    calledMs = monotonicMs()
    const line = rows.lines[Math.floor(calledMs / callEveryMs) % Math.max(1, rows.lines.length)]?.line
    await app.db
      .in({ organisationId: familiesOrganisation }, (tx) => makeWatchCall(app, tx, number, line?.id ?? null))
      .catch((error) => app.log.error('the watch call could not be made', error, { room: 'watch' }))
  }

  /** Not while somebody should know of something and nobody could be told: then the outside shall raise the alarm. */
  async function aliveToOutside(): Promise<void> {
    const url = app.config.deadManUrl
    const isUntold = [...(alarms?.values() ?? [])].some(({ state, toldAt }) => state === 'raised' && !toldAt)
    if (!url || isUntold || monotonicMs() - aliveMs < aliveEveryMs) return
    aliveMs = monotonicMs()
    if (!(await given.sayAlive(url))) app.log.warn('the dead man’s switch did not hear us', { room: 'watch' })
  }

  return {
    round,
    standing: async () => ({
      lookedAt: lookedAt?.at ?? null,
      ageMs: lookedAt && monotonicMs() - lookedAt.ms,
      alarms: inOrder([...(alarms?.values() ?? [])].filter(({ state }) => state === 'raised')),
      rows,
    }),
  }
}
