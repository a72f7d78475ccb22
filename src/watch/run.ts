// Watch / run: drives the watch in real time, every ten seconds, beside everything else. Called by process.ts.
import type { App } from '../app.ts'
import { type MovableClock, monotonicMs, systemClock } from '../outside/clock.ts'
import { sayAlive } from '../outside/dead-man.ts'
import { createWatch, type Watch } from './round.ts'

const everyMs = 10_000

/** @param movable the application's clock, where it can be moved. @returns the watch, and how to stop it */
export function startWatch(app: App, movable: MovableClock | null): Watch & { stop(): Promise<void> } {
  const watch = createWatch(app, { wall: systemClock(), monotonicMs, movable, sayAlive })
  let stopped = false
  let wake = () => {}

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await watch.round()
      } catch (error) {
        app.log.error('a look of the watch failed', error, { room: 'watch' })
      }
      if (stopped) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  const running = run()
  return {
    ...watch,
    async stop() {
      stopped = true
      wake()
      await running
    },
  }
}
