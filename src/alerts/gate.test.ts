import fc from 'fast-check'
import { expect, test } from 'vitest'
import { behindGate, gateOf, isAtGate, nobodyThere, whoIsThere } from './gate.ts'
import { spoken } from './words.ts'

const ben = { name: 'Ben', tells: 'alert', asksName: true } as const
const known = { ...ben, asksName: false }

test('a number that is confirmed has no gate', () => {
  for (const keys of ['', '1', '2', '12']) {
    expect(isAtGate([known], { keys })).toBe(false)
    expect(gateOf([known], { keys })).toBeNull()
    expect(behindGate([known], { keys })).toEqual({ keys })
  }
})

test('1 is them and opens the rest, of which the keys count anew; 2 is not; others are asked again', () => {
  expect(gateOf([ben], { keys: '1' })).toBe('is them')
  expect(gateOf([ben], { keys: '1*1' })).toBeNull()
  expect(behindGate([ben], { keys: '71*1' })).toEqual({ keys: '*1' })
  expect(gateOf([ben], { keys: '2' })).toBe('is not them')
  expect(gateOf([ben], { keys: '21' })).toBe('is not them')
  expect(gateOf([ben], { keys: '9*' })).toBe('asks')
  expect(isAtGate([known, ben], { keys: '9' })).toBe(true)
  expect(isAtGate([ben], { keys: '1' })).toBe(false)
})

test('whatever is pressed, nothing opens without a 1, and after a 2 nothing does', () => {
  const keys = fc.string({ unit: fc.constantFrom(...'0123456789*#'), maxLength: 12 })
  fc.assert(
    fc.property(keys, (pressed) => {
      const isOpen = gateOf([ben], { keys: pressed }) === null && !isAtGate([ben], { keys: pressed })
      const [one, two] = [pressed.indexOf('1'), pressed.indexOf('2')]
      expect(isOpen).toBe(one >= 0 && (two < 0 || one < two) && one < pressed.length - 1)
    }),
  )
})

test('it says a name and nothing about anybody, and ends', () => {
  const said = JSON.stringify(whoIsThere([ben, { ...ben, name: 'Cara' }]))
  expect(said).toContain('urgent message for Ben or Cara')
  expect(whoIsThere([ben], 3).at(-1)).toEqual({ do: 'hang up' })
  expect(nobodyThere([ben], 3).at(-1)).toEqual({ do: 'hang up' })
  expect(nobodyThere([ben], 2)[0]).toMatchObject({ do: 'gather' })
  expect(spoken.whoIsThere('Ben', false)).not.toContain('urgent')
})
