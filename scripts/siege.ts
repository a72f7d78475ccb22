// `npm run siege [-- --hours 168 --seed 7]`: builds what has changed, then besieges the built product in hurried time. Exit 1: a rule broke.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build/ensure.ts'

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    hours: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    receivers: { type: 'string', default: '30' },
    'kill-points': { type: 'string', default: '200' },
    speed: { type: 'string', default: '10' },
    minutes: { type: 'string' },
    ledger: { type: 'string' },
  },
})
if (!ensureBuilt()) process.exit(1)

const folder = mkdtempSync(join(tmpdir(), 'callassist-siege-clock-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))
// whoever started us for a test ends us by closing our standard input
if (process.env.SIEGE_UNTIL_STDIN_ENDS) process.stdin.resume().once('end', () => process.exit(1))

process.env.SIEGE_CLOCK = join(folder, 'clock')
process.env.SIEGE_SPEED = values.speed
const began = performance.now()
const { shareClock } = await import('../test/siege/clock.ts')
// hours before the siege begins: on a busy machine it takes a while until everybody runs
const clock = shareClock(process.env.SIEGE_CLOCK, new Date('2026-11-24T04:00:00Z'), Number(values.speed))
const realNow = performance.now.bind(performance)
await import('../test/siege/time.ts')
const { register } = await import('tsx/esm/api')
register()
const { siegeCommand } = await import('../test/siege/command.ts')
process.exit(await siegeCommand(values, clock, () => realNow() - began))
