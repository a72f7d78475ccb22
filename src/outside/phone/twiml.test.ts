import { expect, test } from 'vitest'
import type { Script } from './port.ts'
import { renderReply, renderScript } from './twiml.ts'

const where = {
  actionUrl: 'https://example.org/lines/1/keys/2?keys=0&silences=0',
  audioUrl: (id: string) => `https://example.org/audio/${id}?until=1&proof=x`,
}
const render = (script: Script) => renderScript(script, where)
const declaration = '<?xml version="1.0" encoding="UTF-8"?>'
const say = (text: string) => `<Say voice="Polly.Amy-Neural" language="en-GB">${text}</Say>`
const gatherOpening =
  '<Gather input="dtmf" numDigits="1" finishOnKey="" actionOnEmptyResult="true" timeout="6" ' +
  'action="https://example.org/lines/1/keys/2?keys=0&amp;silences=0" method="POST">'

test('greeting, message and prompt stand inside one gather, so that a key counts at any moment', () => {
  const script: Script = [
    { do: 'say', text: 'Hello Ada.' },
    {
      do: 'gather',
      waitSeconds: 6,
      sounds: [
        { do: 'play', recordingId: 'r1' },
        { do: 'pause', seconds: 1 },
        { do: 'say', text: 'Press any key.' },
      ],
    },
    { do: 'say', text: 'This can never be heard.' },
  ]
  expect(render(script)).toBe(
    `${declaration}<Response>${gatherOpening}${say('Hello Ada.')}` +
      '<Play>https://example.org/audio/r1?until=1&amp;proof=x</Play><Pause length="1"/>' +
      `${say('Press any key.')}</Gather></Response>`,
  )
})

test('several keys are listened for at once, and hash ends them', () => {
  const twiml = renderScript([{ do: 'gather', sounds: [], waitSeconds: 15, keys: 8 }], where)
  expect(twiml).toContain('numDigits="8" finishOnKey="#" actionOnEmptyResult="true" timeout="15"')
})

test('a farewell is said before the line is put down', () => {
  expect(render([{ do: 'say', text: 'Goodbye.' }, { do: 'hang up' }])).toBe(
    `${declaration}<Response>${say('Goodbye.')}<Hangup/></Response>`,
  )
  expect(render([])).toBe(`${declaration}<Response/>`)
  expect(render([{ do: 'say', text: 'Hello.' }])).toBe(`${declaration}<Response>${say('Hello.')}</Response>`)
})

test('a recording begins after what is said before it, ends with hash, and silence is reported too', () => {
  const script: Script = [
    { do: 'say', text: 'Speak now.' },
    { do: 'record', maxSeconds: 60 },
    { do: 'say', text: 'This can never be heard.' },
  ]
  const address = where.actionUrl.replaceAll('&', '&amp;')
  expect(renderScript(script, { ...where, recordingUrl: 'https://example.org/lines/1/recording/2' })).toBe(
    `${declaration}<Response>${say('Speak now.')}` +
      '<Record maxLength="60" timeout="5" finishOnKey="#" playBeep="true" trim="trim-silence" ' +
      `action="${address}" method="POST" recordingStatusCallback="https://example.org/lines/1/recording/2" ` +
      'recordingStatusCallbackMethod="POST" recordingStatusCallbackEvent="completed"/>' +
      `<Redirect method="POST">${address}</Redirect></Response>`,
  )
  expect(render(script)).not.toContain('recordingStatusCallback')
})

test('text cannot break the answer: markup is escaped, what cannot be said is left out', () => {
  const nasty = `Ben & "Cara" <Hangup/>\u0000\u0007\u001b[31m \ud800 \ufffe ]]> 'end'\r\nnew line`
  const answer = render([{ do: 'say', text: nasty }])
  expect(answer).toContain('Ben &amp; "Cara" &lt;Hangup/&gt;')
  expect(answer).not.toMatch(/<Hangup\/>/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(answer).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
  expect(answer.isWellFormed()).toBe(true)
  expect(render([{ do: 'say', text: ' \u200b ' }])).toBe(`${declaration}<Response/>`)
})

test('a very long text is said in pieces, cut between sentences', () => {
  const sentence = 'This sentence is said again and again. '
  const answer = render([
    { do: 'gather', waitSeconds: 6, sounds: [{ do: 'say', text: sentence.repeat(300) }] },
  ])
  const said = [...answer.matchAll(/<Say[^>]*>([^<]*)<\/Say>/g)].map((match) => match[1]!)
  expect(said.length).toBeGreaterThan(1)
  for (const piece of said) {
    expect(piece.length).toBeLessThanOrEqual(4096)
    expect(piece.endsWith('.')).toBe(true)
  }
  expect(said.join(' ')).toBe(sentence.repeat(300).trim())
  const unbroken = render([{ do: 'say', text: '😀'.repeat(4500) }])
  expect([...unbroken.matchAll(/😀/gu)]).toHaveLength(4500)
})

test('an answer that the provider would not read is a bug', () => {
  expect(() => render([{ do: 'say', text: 'word '.repeat(20_000) }])).toThrow(
    'larger than the provider reads',
  )
})

test('waiting and pausing are whole seconds, at least one', () => {
  const answer = render([{ do: 'gather', waitSeconds: 0.2, sounds: [{ do: 'pause', seconds: 0.4 }] }])
  expect(answer).toContain('timeout="1"')
  expect(answer).toContain('<Pause length="1"/>')
})

test('a text is answered by one text, its lines kept', () => {
  expect(renderReply('Thank you, Ben & Cara.\nGoodbye.\u0000')).toBe(
    `${declaration}<Response><Message>Thank you, Ben &amp; Cara.\nGoodbye.</Message></Response>`,
  )
})
