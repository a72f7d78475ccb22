// Bench / worker process: one worker of several, as a process that can be killed: the real actors on the real loop, and the loopback as
// its provider. Says when it is ready, then of every call and every search when it happened, and when asked what it holds in memory.
import { lineActors } from '../src/lines/lines.ts'
import { startLoop } from '../src/queue/loop.ts'
import { workActors } from '../src/wiring.ts'
import { taskOf } from './child.ts'
import { loopback } from './loopback.ts'
import { inFlight, openWorker } from './world.ts'

export interface WorkerTask {
  connectionString: string
  /** only what the lines do, or everything */
  does: 'lines' | 'everything'
  /** it kills itself, as by kill -9, in the middle of asking for its so manieth call */
  diesAsking?: number
}

export type WorkerSays =
  | { kind: 'ready' }
  | { kind: 'asked'; to: string; at: number }
  | { kind: 'sought'; at: number }
  | { kind: 'weighs'; rss: number; heap: number }

const { connectionString, does, diesAsking } = await taskOf<WorkerTask>()
const say = (what: WorkerSays) => process.send!(what)
let calls = 0
const phone = loopback({
  onAsked(call) {
    if (++calls === diesAsking) process.kill(process.pid, 'SIGKILL')
    say({ kind: 'asked', ...call })
    // who started us keeps them; here they would count as the worker's memory
    phone.asked.length = 0
  },
  onSought: (at) => say({ kind: 'sought', at }),
})
const { app } = await openWorker(connectionString, { phone })
startLoop(app, does === 'lines' ? lineActors(app, { inFlight }) : workActors(app, { inFlight }))
process.on('message', (asked) => {
  if (asked === 'weigh') weigh()
})
say({ kind: 'ready' })

/** Twice, because what was only waiting to be collected may hold more. */
function weigh(): void {
  globalThis.gc?.()
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  say({ kind: 'weighs', rss, heap: heapUsed })
}
