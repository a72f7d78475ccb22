// Main: starts one process of CallAssist. On the embedded defaults that is everything: PostgreSQL, the pages, the worker,
// and on a laptop the exchange and the mail room. The only file that prints to a terminal.

import { readConfig } from './config.ts'
import { StartRefusal } from './kit/refusal.ts'
import { startProcess } from './process.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const stopping = Promise.withResolvers<string>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.resolve(signal))
  const running = await startProcess(readConfig(process.env, process.stdout.isTTY === true), say)
  await stopping.promise
  say('Stopping…')
  await running.stop()
  say('CallAssist has stopped. Nothing is lost: what is due while it is off is dealt with at the next start.')
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof StartRefusal) process.stderr.write(`CallAssist did not start. ${error.message}\n`)
    else
      process.stderr.write(
        `CallAssist did not start, and this is our fault:\n${error instanceof Error ? error.stack : String(error)}\n`,
      )
    process.exit(1)
  },
)
