// Db / embedded / wait: waiting for another process, in real time. Called by the launcher only.
import { monotonicMs } from '../../outside/clock.ts'

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

/** Asks again and again, soon at first, then every 10 ms. @returns whether it came true within `withinMs` */
export async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const giveUpAt = monotonicMs() + withinMs
  for (let step = 1; ; step = Math.min(10, step + 1)) {
    if (await condition()) return true
    if (monotonicMs() >= giveUpAt) return false
    await pause(step)
  }
}
