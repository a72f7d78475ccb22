// Siege / command: what `npm run siege` prints. Called by scripts/siege.ts.
import { writeFileSync } from 'node:fs'
import type { SharedClock } from './clock.ts'
import { besiege } from './siege.ts'

export interface Options {
  hours: string
  seed: string
  receivers: string
  'kill-points': string
  minutes?: string | undefined
  ledger?: string | undefined
  speed: string
}

/** @param tookMs real milliseconds since the start @returns the exit code */
export async function siegeCommand(
  options: Options,
  clock: SharedClock,
  tookMs: () => number,
): Promise<number> {
  const wanted = {
    hours: Number(options.hours),
    seed: Number(options.seed),
    receivers: Number(options.receivers),
    killPoints: Number(options['kill-points']),
    speed: Number(options.speed),
    enough: enoughAfter(options),
  }
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const seconds = () => `${Math.round(tookMs() / 1000)} s`
  const { wrong, table, ledger, hours } = await besiege(wanted, clock, (line) =>
    say(`${seconds().padStart(6)}  ${line}`),
  )
  if (options.ledger) writeFileSync(options.ledger, ledger.map((e) => `${JSON.stringify(e)}\n`).join(''))
  say('')
  say(table)
  say('')
  for (const line of wrong) say(`BROKEN  ${line}`)
  say(
    `siege: ${wrong.length === 0 ? 'every rule held' : `${wrong.length} broken`}, seed ${wanted.seed}, ${Math.round(hours)} hours in ${seconds()}`,
  )
  return wrong.length === 0 ? 0 : 1
}

/** Real minutes, which this process counts in hurried ones. */
const enoughAfter = ({ minutes, speed }: Options): AbortSignal =>
  minutes ? AbortSignal.timeout(Number(minutes) * 60_000 * Number(speed)) : new AbortController().signal
