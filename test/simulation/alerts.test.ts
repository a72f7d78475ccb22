// 40,000 seeded lives of alerts, with events late, repeated, reordered and lost; and the mutants that prove the rules bite.
// A failing seed is printed; `SEED=… vitest run test/simulation/alerts.test.ts` lives it again.
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { expect, test } from 'vitest'
import { decide, raised } from '../../src/alerts/machine.ts'
import { noticesOf } from '../../src/alerts/who.ts'
import { type Broken, live, type Machine } from './alerts-lives.ts'
import { machineMutants, whoMutants } from './alerts-mutants.ts'
import type { Mutant } from './calls-mutants.ts'

const lives = 40_000
const seed = process.env.SEED ?? '1'
const machine: Machine = { decide, raised, noticesOf }

test(`no life breaks a rule (seed ${seed})`, () => {
  const { broken, reached, lives: lived } = live(machine, seed, lives)
  if (broken) throw new Error(say(broken))
  expect(lived).toBe(lives)
  // the worlds reach every event in every state and every ending, else the lives prove less than they seem to
  for (const event of [
    'woke',
    'accepted',
    'said',
    'help asked',
    'cleared',
    'joined',
    'gaveUp',
    'nobody told',
  ]) {
    for (const state of ['open', 'accepted', 'handed over', 'closed']) {
      expect(reached.get(`${event} in ${state}`) ?? 0, `${event} in ${state}`).toBeGreaterThanOrEqual(100)
    }
  }
  for (const end of ['accepted', 'handed over', 'closed']) {
    expect(reached.get(`ended ${end}`) ?? 0, end).toBeGreaterThanOrEqual(4000)
  }
})

test('the same seed lives the same lives', () => {
  expect(live(machine, seed, 500)).toEqual(live(machine, seed, 500))
})

test.each(machineMutants)('a machine in which $wrong is caught', async (mutant) => {
  await expectCaught('machine.ts', mutant)
})

test.each(whoMutants)('telling people so that $wrong is caught', async (mutant) => {
  await expectCaught('who.ts', mutant)
})

async function expectCaught(file: string, { from, to }: Mutant): Promise<void> {
  const source = await readFile(new URL(`../../src/alerts/${file}`, import.meta.url), 'utf8')
  expect(source.split(from).length, `the line to be changed stands in ${file} exactly once`).toBe(2)
  const mutant = stripTypeScriptTypes(source.replace(from, () => to))
  const changed = (await import(`data:text/javascript,${encodeURIComponent(mutant)}`)) as Partial<Machine>
  expect(live({ ...machine, ...changed }, 'mutants', 5000).broken?.rules ?? []).not.toEqual([])
}

function say({ life, rules, story }: Broken): string {
  return `seed ${seed}, life ${life}: ${rules.join('; ')}\n${story.join('\n')}\nlive it again: SEED=${seed} vitest run test/simulation/alerts.test.ts`
}
