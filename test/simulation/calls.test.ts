// 40,000 seeded lives of calls, with events late, repeated, reordered and lost; and the mutants that prove the rules bite.
// A failing seed is printed; `SEED=… vitest run test/simulation/calls.test.ts` lives it again.
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { expect, test } from 'vitest'
import { decide } from '../../src/calls/machine.ts'
import { type Broken, live } from './calls-lives.ts'
import { mutants } from './calls-mutants.ts'

const lives = 40_000
const seed = process.env.SEED ?? '1'

test(`no life breaks a rule (seed ${seed})`, () => {
  const { broken, reached, lives: lived } = live(decide, seed, lives)
  if (broken) throw new Error(say(broken))
  expect(lived).toBe(lives)
  // the worlds reach every event in every state and every ending, else the lives prove less than they seem to
  for (const event of ['woke', 'acknowledged', 'helpRequested', 'attemptEnded', 'skipped', 'gaveUp']) {
    for (const state of ['waiting', 'ringing', 'resting', 'closed']) {
      expect(reached.get(`${event} in ${state}`) ?? 0, `${event} in ${state}`).toBeGreaterThanOrEqual(50)
    }
  }
  for (const outcome of ['acknowledged', 'help requested', 'missed', 'not placed', 'skipped']) {
    expect(reached.get(`ended ${outcome}`) ?? 0, outcome).toBeGreaterThanOrEqual(500)
  }
})

test('the same seed lives the same lives', () => {
  expect(live(decide, seed, 500)).toEqual(live(decide, seed, 500))
})

const source = await readFile(new URL('../../src/calls/machine.ts', import.meta.url), 'utf8')

test.each(mutants)('a machine in which $wrong is caught', async ({ from, to }) => {
  expect(source.split(from).length, 'the line to be changed stands in machine.ts exactly once').toBe(2)
  const mutant = stripTypeScriptTypes(source.replace(from, () => to))
  const machine = (await import(`data:text/javascript,${encodeURIComponent(mutant)}`)) as {
    decide: typeof decide
  }
  const { broken } = live(machine.decide, 'mutants', 5000)
  expect(broken?.rules ?? []).not.toEqual([])
})

function say({ life, rules, story }: Broken): string {
  return `seed ${seed}, life ${life}: ${rules.join('; ')}\n${story.join('\n')}\nlive it again: SEED=${seed} vitest run test/simulation/calls.test.ts`
}
