// Lines / besides: runs requests to the outside beside the worker's loop, so many at once, or one by one and waited for.
// Made by work.ts, used by dispatch.ts and reconcile.ts.
import type { App } from '../app.ts'

export interface Besides {
  /** Each is waited for before anything else happens. */
  readonly oneByOne: boolean
  /** How many more may be begun. When none, the bell rings once there is room. */
  room(): number
  /**
   * Begin `task`; one by one, wait for its end. Its failure is logged and goes no further: its row wakes again.
   * @param task may say that it was `answered` and makes no request any more: the next may be made while its answer is saved
   */
  start(task: (answered: () => void) => Promise<void>): Promise<void>
  /** Wait for everything under way. */
  finish(): Promise<void>
}

export function besides(app: App, inFlight: number): Besides {
  const going = new Set<Promise<void>>()
  let requests = 0
  let isRoomWanted = false
  async function run(task: (answered: () => void) => Promise<void>): Promise<void> {
    let isAsking = true
    requests++
    const answered = () => {
      if (!isAsking) return
      isAsking = false
      requests--
      tellOfRoom()
    }
    try {
      await task(answered)
    } catch (error) {
      app.log.error('a request to the provider could not be finished; its row stays due', error)
    } finally {
      answered()
    }
  }
  // answers that are slow to be saved do not pile up
  const room = () => Math.max(0, Math.min(inFlight - requests, 2 * inFlight - going.size))
  function tellOfRoom(): void {
    if (!isRoomWanted || room() === 0) return
    isRoomWanted = false
    app.bell.ring({ work: true })
  }
  return {
    oneByOne: inFlight === 1,
    room() {
      const free = room()
      isRoomWanted ||= free === 0
      return free
    },
    async start(task) {
      if (inFlight === 1) return run(task)
      const running = run(task).finally(() => {
        going.delete(running)
        tellOfRoom()
      })
      going.add(running)
    },
    async finish() {
      await Promise.all(going)
    },
  }
}
