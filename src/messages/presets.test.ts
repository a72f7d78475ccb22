import { expect, test } from 'vitest'
import { defaultPreset, findPreset, PRESETS, presetsFor } from './presets.ts'
import { mentionsHealth, readSpokenText, spoken, spokenSeconds } from './words.ts'

test('there are at least twelve, each with its own key and title', () => {
  expect(PRESETS.length).toBeGreaterThanOrEqual(12)
  expect(new Set(PRESETS.map((preset) => preset.key)).size).toBe(PRESETS.length)
  expect(new Set(PRESETS.map((preset) => preset.title)).size).toBe(PRESETS.length)
  for (const preset of PRESETS) {
    expect(preset.key).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(preset.hint).toMatch(/^[A-Z].*\.$/)
  }
})

test('the check-in of the rehearsal is there', () => {
  expect(findPreset('are-you-ok')).toMatchObject({
    title: 'Are you all right?',
    kind: 'check-in',
    sensitive: false,
  })
  expect(findPreset('are-you-OK')).toBeUndefined()
  expect(findPreset('toString')).toBeUndefined()
})

test.each(PRESETS.map((preset) => [preset.key, preset] as const))(
  '%s is plain, speakable, and with everything around it under half a minute',
  (_, preset) => {
    const text = preset.text('Ada')
    expect(readSpokenText(text)).toEqual({ ok: true, text })
    expect(text).toMatch(/^[A-Z][A-Za-z ,'.]+\.$/)
    const whole = [spoken.greeting('Ada'), text, spoken.prompt('both', '9'), spoken.again()].join(' ')
    expect(spokenSeconds(whole)).toBeLessThan(30)
    expect(preset.text()).not.toContain('undefined')
  },
)

test('what speaks of health is marked sensitive, in text or in title', () => {
  for (const preset of PRESETS) {
    if (mentionsHealth(`${preset.text()} ${preset.title}`)) expect(preset.sensitive, preset.key).toBe(true)
  }
  const sensitive = PRESETS.filter((preset) => preset.sensitive).map((preset) => preset.key)
  expect(sensitive).toEqual([
    'take-morning',
    'take-evening',
    'take-now',
    'charge-hearing-aid',
    'carer-coming',
  ])
})

test('no preset names a medicine or an illness', () => {
  for (const preset of PRESETS)
    expect(preset.text()).not.toMatch(/tablet|pill|medic|insulin|dose|ill\b|heart/i)
})

test('presets are offered by kind', () => {
  expect(presetsFor('check-in').map((preset) => preset.key)).toContain('are-you-ok')
  expect(presetsFor('check-in').map((preset) => preset.key)).not.toContain('bins')
  expect(presetsFor('reminder').map((preset) => preset.key)).not.toContain('are-you-ok')
  expect(presetsFor('reminder').map((preset) => preset.key)).toContain('good-morning')
  expect(presetsFor('both')).toHaveLength(PRESETS.length)
  for (const kind of ['reminder', 'check-in', 'both'] as const) {
    expect(presetsFor(kind).map((preset) => preset.key)).toContain(defaultPreset(kind))
    expect(findPreset(defaultPreset(kind))?.sensitive).toBe(false)
  }
})
