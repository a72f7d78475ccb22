// Lines / orphans: a line whose dispatcher was killed need not wait for the end of its lease. Each worker shows that it lives by a lock of
// its own (queue/bell.ts); the others look whether it is still held, and free the line when it is not. Called by work.ts.
//
// A connection may break while its worker lives. That worker then finds its line taken, by the lease's token, and dials nothing; what
// it had claimed is looked for at the provider a little early, which rings nobody.
import type { App } from '../app.ts'
import { monotonicMs } from '../outside/clock.ts'
import { goneAmong } from '../queue/store.ts'
import { type Holder, isHeldBy } from './dispatch.ts'
import { freeLine, type Line, lockLine } from './line/store.ts'

const lookEveryMs = 250

/** Frees lines whose holder is gone; returns how many. */
export function orphans(app: App, holder: Holder): (lines: readonly Line[], now: Date) => Promise<number> {
  let lookedAtMs = Number.NEGATIVE_INFINITY

  return async (lines, now) => {
    const held = lines.filter(
      (line) => line.leaseLock !== null && line.leaseUntil > now && !isHeldBy(holder, line),
    )
    if (held.length === 0 || monotonicMs() - lookedAtMs < lookEveryMs) return 0
    lookedAtMs = monotonicMs()
    const gone = await app.db.look((tx) =>
      goneAmong(
        tx,
        held.map(({ leaseLock }) => leaseLock!),
      ),
    )
    let freed = 0
    for (const line of held) if (gone.has(line.leaseLock!) && (await free(app, line, now))) freed++
    return freed
  }
}

/** Unless somebody else was faster. */
async function free(app: App, { id, name, leaseToken, leaseLock }: Line, now: Date): Promise<boolean> {
  return app.db.everywhere(async (tx) => {
    const line = await lockLine(tx, id)
    if (line?.leaseToken !== leaseToken || line.leaseLock !== leaseLock) return false
    await freeLine(tx, id, now)
    tx.afterCommit(() => app.log.warn('a line’s dispatcher is gone, and another takes over', { line: name }))
    return true
  })
}
