// Bench / workers: several workers as processes of their own, and what they say of what they asked their provider for.
import type { ChildProcess } from 'node:child_process'
import { startChild, stopChild } from './child.ts'
import type { WorkerSays, WorkerTask } from './worker-process.ts'

export interface Workers {
  /** Every call that was asked for, by whichever worker; `at` in milliseconds since 1970. */
  readonly asked: { to: string; at: number; by: number }[]
  /** Every search for a call that may have been placed. */
  readonly sought: { at: number; by: number }[]
  readonly processes: readonly ChildProcess[]
  stop(): Promise<void>
}

export async function startWorkers(tasks: readonly WorkerTask[]): Promise<Workers> {
  const asked: Workers['asked'] = []
  const sought: Workers['sought'] = []
  const processes: ChildProcess[] = []
  for (const [by, task] of tasks.entries()) {
    const { child } = await startChild<WorkerSays>('bench-worker', task)
    child.on('message', (says: WorkerSays) => {
      if (says.kind === 'asked') asked.push({ ...says, by })
      if (says.kind === 'sought') sought.push({ ...says, by })
    })
    processes.push(child)
  }
  return {
    asked,
    sought,
    processes,
    async stop() {
      for (const child of processes) await stopChild(child)
    },
  }
}
