// Bench / child: starts a process of the bench beside this one and talks with it. It ends when this process does, however that ends.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { inDist } from './places.ts'

/**
 * Starts dist/NAME.js and gives it its task.
 * @returns the process and its first answer, which it gives once it is ready
 */
export async function startChild<Answer>(
  name: string,
  task: object,
): Promise<{ child: ChildProcess; answer: Answer }> {
  const child = fork(inDist(`${name}.js`), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: ['--expose-gc'],
  })
  child.send(task)
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code} before it was ready`)
  })
  const [answer] = (await Promise.race([once(child, 'message'), failed])) as [Answer]
  failed.catch(() => {})
  return { child, answer }
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
}

/** On the child's side: its task; from then on it ends with its parent. */
export async function taskOf<Task>(): Promise<Task> {
  process.once('disconnect', () => process.exit(0))
  const [task] = (await once(process, 'message')) as [Task]
  return task
}
