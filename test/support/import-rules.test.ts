// The import rules of .dependency-cruiser.mjs, tried on a small house that breaks each of them.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import rules from '../../.dependency-cruiser.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
let house = ''

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'callassist-house-'))
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'))
  await writeFile(
    join(house, 'package.json'),
    JSON.stringify({ dependencies: { kysely: '*', pg: '*' }, devDependencies: { vitest: '*' } }),
  )
})

afterAll(() => rm(house, { recursive: true, force: true }))

/** @returns the broken rules, `rule: from → to` */
async function broken(files: Record<string, string>): Promise<string[]> {
  await rm(join(house, 'src'), { recursive: true, force: true })
  await rm(join(house, 'test'), { recursive: true, force: true })
  const all = {
    'src/calls/calls.ts': '',
    'src/lines/lines.ts': '',
    'src/lines/store.ts': '',
    'src/kit/ids.ts': '',
    'test/x.ts': '',
    ...files,
  }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(house, path)), { recursive: true })
    await writeFile(join(house, path), `${text}\nexport const here = 1\n`)
  }
  const { forbidden, options } = rules
  const { output } = await cruise(
    ['src', 'test'],
    { ...options, baseDir: house, ruleSet: { forbidden }, validate: true } as never,
    options.enhancedResolveOptions as never,
  )
  return (output as ICruiseResult).summary.violations.map(
    ({ rule, from, to }) => `${rule.name}: ${from} → ${to.replace(/.*node_modules\/(\w+)\/.*/, '$1')}`,
  )
}

test('a house that keeps the rules', async () => {
  expect(
    await broken({
      'src/main.ts': `import './calls/calls.ts'`,
      'src/calls/advance.ts': `import { here } from '../lines/lines.ts'\nimport { other } from './machine.ts'\nconsole.log(here, other)`,
      'src/calls/machine.ts': `import { here as id } from '../kit/ids.ts'\nexport const other = id`,
      'src/calls/store.ts': `import { sql } from 'kysely'\nconsole.log(sql)`,
      'src/calls/pages.tsx': `import type { Kysely } from 'kysely'\nexport type Db = Kysely<unknown>`,
    }),
  ).toEqual([])
})

test.each([
  [
    'through-the-door',
    'src/calls/advance.ts',
    `import { here } from '../lines/store.ts'\nconsole.log(here)`,
    'src/lines/store.ts',
  ],
  [
    'through-the-door',
    'src/calls/types.ts',
    `import type { here } from '../lines/store.ts'\nexport type T = typeof here`,
    'src/lines/store.ts',
  ],
  [
    'through-the-door',
    'src/calls/calls.test.ts',
    `import { here } from '../lines/store.ts'\nconsole.log(here)`,
    'src/lines/store.ts',
  ],
  [
    'tests-through-the-door',
    'test/stories/miss.test.ts',
    `import { here } from '../../src/lines/store.ts'\nconsole.log(here)`,
    'src/lines/store.ts',
  ],
  [
    'machines-are-pure',
    'src/calls/machine.ts',
    `import { here } from '../lines/lines.ts'\nconsole.log(here)`,
    'src/lines/lines.ts',
  ],
  [
    'machines-touch-no-shell',
    'src/lines/machine.ts',
    `import { here } from './store.ts'\nconsole.log(here)`,
    'src/lines/store.ts',
  ],
  [
    'common-ground-knows-no-room',
    'src/outside/mail.ts',
    `import { here } from '../calls/calls.ts'\nconsole.log(here)`,
    'src/calls/calls.ts',
  ],
  [
    'sql-in-stores',
    'src/calls/pages.tsx',
    `import { sql } from 'kysely'\nconsole.log(<p>{sql}</p>)`,
    'kysely',
  ],
  [
    'only-shipped-packages',
    'src/calls/pages.tsx',
    `import { expect } from 'vitest'\nconsole.log(expect)`,
    'vitest',
  ],
  [
    'no-tests-in-production',
    'src/calls/pages.tsx',
    `import { here } from '../../test/x.ts'\nconsole.log(here)`,
    'test/x.ts',
  ],
  ['found', 'src/calls/pages.tsx', `import './nowhere.ts'`, './nowhere.ts'],
] as const)('%s: %s', async (rule, from, text, to) => {
  expect(await broken({ [from]: text })).toEqual([`${rule}: ${from} → ${to}`])
})

test('exchange-is-a-stand-in: a room may not lean on the exchange, not even through its door', async () => {
  const files = {
    'src/exchange/exchange.ts': '',
    'src/calls/pages.tsx': `import { here } from '../exchange/exchange.ts'\nconsole.log(here)`,
  }
  expect(await broken(files)).toEqual([
    'exchange-is-a-stand-in: src/calls/pages.tsx → src/exchange/exchange.ts',
  ])
})

test('no-circles: two files that need each other, unless one needs only the types', async () => {
  const other = `import { here } from './advance.ts'\nconsole.log(here)`
  expect(
    await broken({
      'src/calls/advance.ts': `import { here as x } from './sweep.ts'\nconsole.log(x)`,
      'src/calls/sweep.ts': other,
    }),
  ).toContain('no-circles: src/calls/advance.ts → src/calls/sweep.ts')
  expect(
    await broken({
      'src/calls/advance.ts': `import type { here as x } from './sweep.ts'\nexport type X = typeof x`,
      'src/calls/sweep.ts': other,
    }),
  ).toEqual([])
})
