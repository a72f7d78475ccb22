// `npm test`: everything that can be checked: types, style, import rules, build, then all tests. The last line counts it.
// `npm test -- src/calls`: only the tests of those files.
import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium, installChromium } from '../test/support/chromium.ts'
import { ensureBuilt } from './build/ensure.ts'
import { checks, passes, runTool } from './support/stages.ts'

interface Count {
  passed: number
  failed: number
  skipped: number
}

/** Of vitest's JSON report, what we read. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

const total: Count = { passed: 0, failed: 0, skipped: 0 }
const only = process.argv.slice(3)

if (only.length === 0) for (const stage of checks) count(await passes(stage))
const built = ensureBuilt()
console.log(`build: ${built ? 'passed' : 'FAILED'}`)
count(built)
const withBrowser = await haveBrowser()
const tests = await runTests(withBrowser ? only : [...only, '--project=!browser'])
total.passed += tests.passed
total.failed += tests.failed
total.skipped += tests.skipped

console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
)
process.exit(total.failed > 0 ? 1 : 0)

function count(passed: boolean): void {
  if (passed) total.passed++
  else total.failed++
}

/** Finds or gets a Chromium before any test needs it. In CI a browser test that cannot run is a failure. */
async function haveBrowser(): Promise<boolean> {
  try {
    const path = (await findChromium()) ?? (await installChromium())
    process.env.CHROMIUM_PATH = path
    console.log(`browser: ${path}`)
    return true
  } catch (error) {
    console.log(`NOT RUN: browser tests, because ${(error as Error).message}`)
    if (process.env.CI === 'true') count(false)
    return false
  }
}

async function runTests(args: readonly string[]): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-report-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'report.json')
  const { code } = await runTool(
    'vitest/vitest.mjs',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
    'shown',
  )
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(text) as Report
  // a file that could not even be loaded has no tests, and is a failure all the same
  const broken = report.testResults.filter(
    (each) => each.status === 'failed' && !each.assertionResults.some((one) => one.status === 'failed'),
  ).length
  const failed = report.numFailedTests + broken
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
