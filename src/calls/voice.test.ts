import { expect, test } from 'vitest'
import { spoken } from '../messages/messages.ts'
import type { Script } from '../outside/phone/port.ts'
import { afterKey, afterSilence, greeting, type Hearing, keyMeans } from './voice.ts'

const hearing = (change: Partial<Hearing> = {}): Hearing => ({
  receiverName: 'Ada',
  kind: 'check-in',
  sounds: [{ do: 'play', recordingId: 'r1' }],
  helpKey: null,
  isTest: false,
  standing: 'open',
  next: 'ring again',
  ...change,
})
const withHelp = (change: Partial<Hearing> = {}) => hearing({ helpKey: '9', ...change })

/** What is heard, in order; recordings by their id. */
const heard = (script: Script): string[] =>
  script.flatMap((verb): string[] => {
    if (verb.do === 'gather') return heard(verb.sounds)
    if (verb.do === 'say') return [verb.text]
    return verb.do === 'play' ? [`recording:${verb.recordingId}`] : []
  })
const hangsUp = (script: Script) => script.at(-1)?.do === 'hang up'

test('speech begins at once and everything lies in one gather, so that a key counts at any moment', () => {
  const script = greeting(hearing())
  expect(script).toHaveLength(1)
  expect(script[0]).toMatchObject({ do: 'gather', waitSeconds: 8 })
  expect(heard(script)).toEqual([
    spoken.greeting('Ada'),
    'recording:r1',
    spoken.prompt('check-in', null),
    spoken.again(),
  ])
})

test('a test call says that it is one, from the greeting to the confirmation', () => {
  expect(heard(greeting(hearing({ isTest: true })))[0]).toBe(spoken.testGreeting('Ada'))
  expect(heard(afterKey(hearing({ isTest: true, standing: 'acknowledged' }), '1'))).toEqual([
    spoken.testConfirmation('Ada'),
  ])
  expect(heard(afterKey(withHelp({ isTest: true, standing: 'help requested' }), '9'))).toEqual([
    spoken.testHelp(),
  ])
})

test.each(['stale', 'acknowledged', 'over', 'help requested'] as const)(
  '%s: a kind sentence and nothing of the message',
  (standing) => {
    for (const script of [greeting(withHelp({ standing })), afterKey(withHelp({ standing }), '*')]) {
      expect(heard(script)).not.toContain('recording:r1')
      expect(heard(script).length).toBeGreaterThan(0)
    }
    expect(hangsUp(greeting(withHelp({ standing })))).toBe(true)
  },
)

test('a key is confirmed and the call ends', () => {
  const script = afterKey(hearing({ standing: 'acknowledged' }), '5')
  expect(heard(script)).toEqual([spoken.confirmation('check-in', 'Ada')])
  expect(hangsUp(script)).toBe(true)
})

test('where there is a help key, the confirmation still listens for it', () => {
  const standing = 'acknowledged'
  const script = afterKey(withHelp({ standing }), '1')
  expect(script).toEqual([
    { do: 'gather', sounds: [{ do: 'say', text: spoken.confirmation('check-in', 'Ada') }], waitSeconds: 3 },
  ])
  expect(heard(afterSilence(withHelp({ standing }), 1))).toEqual([])
  expect(hangsUp(afterSilence(withHelp({ standing }), 1))).toBe(true)
  // pressed again: it ends, however often
  expect(hangsUp(afterKey(withHelp({ standing }), '11'))).toBe(true)
  expect(heard(afterKey(withHelp({ standing: 'help requested' }), '19'))).toEqual([spoken.helpComing('Ada')])
})

test('another key after the cry for help does not sound as if it had been taken back', () => {
  expect(heard(afterKey(withHelp({ standing: 'help requested' }), '91'))).toEqual([spoken.helpComing('Ada')])
})

test('the star plays it again, but not for ever', () => {
  const again = (times: number) => heard(afterKey(hearing(), '*'.repeat(times)))
  expect(again(1)).toEqual(['recording:r1', spoken.prompt('check-in', null), spoken.again()])
  expect(again(5)).toContain('recording:r1')
  expect(again(6)).toEqual([spoken.prompt('check-in', null), spoken.again()])
})

test('silence: one friendly repeat of the prompt, then goodbye and what follows', () => {
  const first = afterSilence(hearing(), 1)
  expect(first).toHaveLength(1)
  expect(heard(first)).toEqual([spoken.stillThere('check-in', null)])
  for (const next of ['ring again', 'tell somebody', 'nothing'] as const) {
    const second = afterSilence(hearing({ next }), 2)
    expect(heard(second)).toEqual([spoken.goodbye(next)])
    expect(hangsUp(second)).toBe(true)
  }
})

test.each([
  ['*', null, 'again'],
  ['*', '9', 'again'],
  ['9', '9', 'help'],
  ['9', null, 'heard'],
  ['1', '9', 'heard'],
  ['#', '9', 'heard'],
  ['0', null, 'heard'],
])('the key %s with help key %s means %s', (key, helpKey, meaning) => {
  expect(keyMeans(key, helpKey)).toBe(meaning)
})

test('every script is heard and ends: in a gather, which always comes back, or by hanging up', () => {
  for (const standing of ['open', 'stale', 'acknowledged', 'help requested', 'over'] as const) {
    for (const helpKey of [null, '9']) {
      const on = hearing({ standing, helpKey })
      for (const script of [
        greeting(on),
        afterSilence(on, 1),
        afterSilence(on, 2),
        ...['1', '9', '*', '#'].map((key) => afterKey(on, key)),
      ]) {
        expect(['gather', 'hang up']).toContain(script.at(-1)?.do)
      }
    }
  }
})
