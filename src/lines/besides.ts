// Lines / besides: runs requests to the outside beside the worker's loop, so many at once, or one by one and waited for.
// Made by work.ts, used by dispatch.ts and reconcile.ts.
import type { App } from '../app.ts'

export interface Besides {
  /** Each is waited for before anything else happens. */
  readonly oneByOne: boolean
  /** how many more may be begun */
  room(): number
  /** Begin `task`; one by one, wait for its end. Its failure is logged and goes no further: its row wakes again. */
  start(task: () => Promise<void>): Promise<void>
  /** Wait for everything under way. */
  finish(): Promise<void>
}

export function besides(app: App, inFlight: number): Besides {
  const going = new Set<Promise<void>>()
  async function run(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      app.log.error('a request to the provider could not be finished; its row stays due', error)
    }
  }
  return {
    oneByOne: inFlight === 1,
    room: () => Math.max(0, inFlight - going.size),
    async start(task) {
      if (inFlight === 1) return run(task)
      const running = run(task).finally(() => {
        going.delete(running)
        app.bell.ring({ work: true })
      })
      going.add(running)
    },
    async finish() {
      await Promise.all(going)
    },
  }
}
