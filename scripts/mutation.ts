// `npm run mutation`: changes what decides about people in every small way, one at a time, and asks whether a test minds.
// `npm run mutation -- src/calls/machine.ts`: only these files. Some minutes; it is no part of `npm test`.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Group, groups } from '../test/mutation/groups.ts'
import { type Judged, judge, table } from '../test/mutation/report.ts'
import { runTool } from './support/stages.ts'

const only = process.argv.slice(3)
const judged: Judged[] = []
for (const group of groups) {
  const files = only.length > 0 ? group.files.filter((file) => only.includes(file)) : group.files
  if (files.length > 0) judged.push(...judge(group, await run(group, files)))
}
if (judged.length === 0) {
  console.log(`No file to change: choose from ${groups.flatMap(({ files }) => files).join(', ')}.`)
  process.exit(1)
}
console.log(table(judged))
process.exitCode = judged.every(({ isMet }) => isMet) ? 0 : 1

/** @returns what Stryker reports: the JSON of its mutation testing report schema */
async function run(group: Group, files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-mutation-'))
  try {
    const report = join(folder, 'report.json')
    const config = join(folder, 'stryker.config.json')
    await writeFile(
      config,
      JSON.stringify({
        testRunner: 'vitest',
        vitest: { configFile: group.tests, related: false },
        plugins: ['@stryker-mutator/vitest-runner'],
        mutate: files,
        reporters: ['progress', 'json'],
        jsonReporter: { fileName: report },
        coverageAnalysis: 'perTest',
        // what is computed once, while a file is loaded, would need a new process for each mutant
        ignoreStatic: true,
        concurrency: group.atOnce,
        tempDirName: join(folder, 'sandbox'),
        // Stryker would rewrite tsconfig.json with TypeScript's JavaScript interface, which TypeScript 7 does not have
        tsconfigFile: 'none.json',
        allowEmpty: false,
      }),
    )
    const { code } = await runTool('@stryker-mutator/core/bin/stryker.js', ['run', config], 'shown')
    if (code !== 0) throw new Error('Stryker did not come to an end: what it said stands above')
    return await readFile(report, 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
