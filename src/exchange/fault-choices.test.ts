import { expect, test } from 'vitest'
import { z } from 'zod'
import { faultSchema } from './exchange.ts'
import { choiceOf, faultChoices, faultOf, shareOf } from './fault-choices.ts'
import { faultInWords } from './words-of-pages.ts'

const from = new Date('2026-11-24T09:30:00Z')

test.each(faultChoices)('%s is a fault that the exchange knows, and is told as what was chosen', (choice) => {
  const fault = faultOf({ choice, share: 0.5, line: 'main', from, minutes: 15 })
  expect(faultSchema(z.date()).parse(fault)).toEqual(fault)
  expect(choiceOf(fault)).toBe(choice)
  expect(fault.to).toEqual(new Date('2026-11-24T09:45:00Z'))
  expect([0.5, 1]).toContain(shareOf(fault))
})

test('what is switched on, in a sentence', () => {
  const down = faultOf({ choice: 'down', share: 1, line: 'main', from, minutes: 5 })
  expect(faultInWords(down)).toBe('On the line main, the telephone company cannot be reached, until 9:35am.')
  const lost = faultOf({ choice: 'lost response', share: 0.2, line: null, from, minutes: 60 })
  expect(faultInWords(lost)).toBe(
    'The telephone company does what it is asked, but its answer is lost, about 20 times in a hundred, until 10:30am.',
  )
})
