// Bench: `npm run bench` or `npm run bench -- rehearsal`. Prints what was measured here and now; never a test, because machines are noisy.
// Each measurement runs the built product as a person would, as a process of its own.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { inRoot } from '../scripts/build/fresh.ts'

const measurements: Record<string, () => Promise<string>> = {
  start: benchStart,
  rehearsal: benchRehearsal,
  visit: benchVisit,
}

const asked = process.argv.slice(2).filter((word) => word in measurements || word !== 'bench')
const unknown = asked.find((name) => !(name in measurements))
if (unknown) {
  console.error(`bench: there is no "${unknown}"; there are ${Object.keys(measurements).join(', ')}`)
  process.exit(2)
}
console.log(
  `Node ${process.version}, ${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)} at the beginning`,
)
for (const [name, measure] of Object.entries(measurements)) {
  if (asked.length === 0 || asked.includes(name)) console.log(`${name.padEnd(10)} ${await measure()}`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** From the command to the first page that answers: on an empty data folder, and again. */
async function benchStart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-bench-'))
  try {
    const [first, second] = [await startOnce(folder), await startOnce(folder)]
    return `first start ${seconds(first)}, second start ${seconds(second)} (npm's own time and the build left out)`
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function startOnce(folder: string): Promise<number> {
  const began = performance.now()
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const child = spawn(process.execPath, [inRoot('dist', 'main.js')], {
    env: { ...process.env, PORT: String(port), DATA_DIR: folder, LOG: 'file' },
    stdio: 'ignore',
  })
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
      if (answer?.status === 200) return performance.now() - began
      if (child.exitCode !== null) throw new Error('it did not start')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  } finally {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
}

/** A day of 200 services and 600 calls, against the same command on one call. */
async function benchRehearsal(): Promise<string> {
  const [one, day] = ['answered-first-time', 'a-day-of-600-calls'].map((name) => {
    const began = performance.now()
    const { status } = spawnSync(
      process.execPath,
      [
        inRoot('dist', 'rehearse.js'),
        inRoot('test', 'rehearsal', `${name}.json`),
        '--ledger',
        '/dev/null',
        '--quiet',
      ],
      { stdio: 'ignore' },
    )
    if (status !== 0) throw new Error(`the rehearsal of ${name} did not run`)
    return performance.now() - began
  })
  return `600 calls ${seconds(day!)}, one call ${seconds(one!)}, with starting a database each time`
}

/** What the home page makes a browser fetch, compressed, from the build's own list. */
async function benchVisit(): Promise<string> {
  const { brotliCompressSync } = await import('node:zlib')
  const manifest = JSON.parse(await readFile(inRoot('dist', 'assets', 'manifest.json'), 'utf8')) as Record<
    string,
    string
  >
  const size = async (name: string) => {
    const bytes = await readFile(inRoot('dist', 'assets', manifest[name]!))
    return name.endsWith('.woff2') ? bytes.length : brotliCompressSync(bytes).length
  }
  const look =
    (await size('app.css')) +
    (await size('lexend-latin-400-normal.woff2')) +
    (await size('lexend-latin-700-normal.woff2'))
  const scripts = Object.keys(manifest).filter((name) => name.endsWith('.js'))
  const sizes = await Promise.all(
    scripts.map(async (name) => `${name} ${((await size(name)) / 1024).toFixed(1)}`),
  )
  return `styles and fonts ${(look / 1024).toFixed(1)} KB; each script in KB: ${sizes.join(', ')}`
}
