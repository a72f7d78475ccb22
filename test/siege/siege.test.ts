// A short siege, as a command of its own: real processes in hurried time, at least 200 of them killed or stopped, servers crashed and wires
// cut. Runs alone, after everything else: it is the one test that takes real time. `SEED=17` lives through another one.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const node24 = fileURLToPath(new URL('../../scripts/node24.mjs', import.meta.url))
const killPoints = 200

test.skipIf(process.platform === 'win32')('no due call is lost and none is doubled under fire', async () => {
  const { code, said } = await siege(['--hours', '0.33', '--kill-points', `${killPoints}`])
  console.log(said.split('\n\n').slice(1).join('\n\n'))
  expect(said).toContain('every rule held')
  expect(code).toBe(0)
  expect(count(said, 'of them kill points')).toBeGreaterThanOrEqual(killPoints)
  // it was a day like others, not one in which nobody was called; under so much fire, on a slow machine, few are lucky enough to answer
  expect(count(said, 'calls due')).toBeGreaterThan(10)
  expect(count(said, 'rings')).toBeGreaterThan(10)
  expect(count(said, 'acknowledged')).toBeGreaterThan(0)
})

const count = (said: string, what: string): number => Number(new RegExp(`${what} +(\\d+)`).exec(said)?.[1])

async function siege(args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(
    process.execPath,
    [node24, 'siege', '--seed', process.env.SEED ?? '1', ...args],
    // it ends with our end of its standard input, however this run ends
    { env: { ...process.env, SIEGE_UNTIL_STDIN_ENDS: 'yes' }, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  onTestFinished(() => end(child))
  const words: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => words.push(text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said: words.join('') }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.stdin?.end()
  await once(child, 'exit')
}
