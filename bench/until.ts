// Bench / until: waits in real time for something that another part of the bench, or another process, brings about.
import { setTimeout as pause } from 'node:timers/promises'

/** What is asked of the database is asked seldom, so that asking is not what is measured. */
const often = 2
const seldom = 50

/** @throws when it has not come true within so many seconds */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinSeconds = 300,
): Promise<void> {
  const giveUpAt = performance.now() + withinSeconds * 1000
  for (;;) {
    const answer = isSo()
    if (await answer) return
    if (performance.now() > giveUpAt) throw new Error(`waited in vain until ${what}`)
    await pause(typeof answer === 'boolean' ? often : seldom)
  }
}
