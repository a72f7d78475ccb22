import fc from 'fast-check'
import twilio from 'twilio'
import { expect, test } from 'vitest'
import { sentencesOf, timedSentences } from './sentences.ts'
import { parseTwiml } from './twiml.ts'
import { parseXml, textOf, XmlFault } from './xml.ts'

const verbs = (source: string) => {
  const read = parseTwiml(source)
  if (!read.ok) throw new Error(read.reason)
  return read.verbs
}

test('what the official SDK writes is read, with every default', () => {
  const response = new twilio.twiml.VoiceResponse()
  const gather = response.gather({
    numDigits: 1,
    finishOnKey: '',
    timeout: 8,
    actionOnEmptyResult: true,
    action: 'https://example.org/keys?a=1&b=2',
  })
  gather.say({ voice: 'Polly.Amy' }, 'Fish & "chips" <now>')
  gather.play('https://example.org/a.wav')
  gather.pause({ length: 2 })
  response.gather()
  response.record({ maxLength: 60 })
  response.redirect('/next')
  response.hangup()
  response.reject({ reason: 'busy' })
  expect(verbs(response.toString())).toEqual([
    {
      do: 'gather',
      sounds: [
        { do: 'say', text: 'Fish & "chips" <now>' },
        { do: 'play', url: 'https://example.org/a.wav' },
        { do: 'pause', seconds: 2 },
      ],
      timeoutSeconds: 8,
      numDigits: 1,
      finishOnKey: '',
      action: 'https://example.org/keys?a=1&b=2',
      method: 'POST',
      actionOnEmptyResult: true,
    },
    {
      do: 'gather',
      sounds: [],
      timeoutSeconds: 5,
      numDigits: Number.POSITIVE_INFINITY,
      finishOnKey: '#',
      action: null,
      method: 'POST',
      actionOnEmptyResult: false,
    },
    {
      do: 'record',
      action: null,
      method: 'POST',
      timeoutSeconds: 5,
      finishOnKey: '1234567890*#',
      maxLengthSeconds: 60,
      playBeep: true,
      trim: true,
      statusUrl: null,
      statusMethod: 'POST',
      statusEvents: ['completed'],
    },
    { do: 'redirect', url: '/next', method: 'POST' },
    { do: 'hang up' },
    { do: 'reject', reason: 'busy' },
  ])
})

test('a text to answer with is read, with and without a body element', () => {
  const reply = new twilio.twiml.MessagingResponse()
  reply.message('One & two')
  expect(verbs(reply.toString())).toEqual([{ do: 'message', body: 'One & two', to: null, statusUrl: null }])
  expect(verbs('<Response><Message to="+447700900201"><Body>Two</Body></Message></Response>')).toMatchObject([
    { body: 'Two', to: '+447700900201' },
  ])
})

test('loops repeat a sound, nought for very long', () => {
  expect(verbs('<Response><Say loop="3">Hello</Say></Response>')).toHaveLength(3)
  expect(verbs('<Response><Play loop="0">/a.wav</Play></Response>')).toHaveLength(1000)
})

test('markup inside spoken text is left out, white space is one space', () => {
  expect(
    verbs('<Response><Say>Hello <break/> <emphasis>dear</emphasis>\n  Ada<![CDATA[ & co]]></Say></Response>'),
  ).toEqual([{ do: 'say', text: 'Hello dear Ada & co' }])
})

test.each([
  '',
  'Hello',
  '<Response>',
  '<Response><Say>Hello</Response>',
  '<Response><Say>Fish & chips</Say></Response>',
  '<Response><Say a=1>Hello</Say></Response>',
  '<Response/><Response/>',
  '<Reply/>',
  '<!DOCTYPE a [<!ENTITY b "c">]><Response><Say>&b;</Say></Response>',
])('%j is refused as 12100', (source) => {
  expect(parseTwiml(source)).toMatchObject({ ok: false, code: 12100 })
})

test('an unknown verb is left out with a warning', () => {
  expect(parseTwiml('<Response><Dance/><Hangup/></Response>')).toEqual({
    ok: true,
    verbs: [{ do: 'hang up' }],
    warnings: ['Dance is not known here'],
  })
  expect(parseTwiml(`<Response><Say>${'x'.repeat(4097)}</Say></Response>`)).toMatchObject({
    verbs: [],
    warnings: [expect.stringContaining('4097')],
  })
})

test('whatever text is escaped comes back as it was', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
      const root = parseXml(`<a b="${escaped}">${escaped}</a>`)
      expect([textOf(root), root.attributes.b]).toEqual([text, text])
    }),
  )
})

test('rubbish is a fault, never anything else', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('<', '>', '/', '&', ';', '"', "'", '=', 'a', ' ', '!', '-', '[', ']', '?', '#', '1'),
      ),
      (parts) => {
        try {
          parseXml(parts.join(''))
        } catch (fault) {
          expect(fault).toBeInstanceOf(XmlFault)
        }
      },
    ),
  )
})

test('numbered entities are read, impossible ones refused', () => {
  expect(textOf(parseXml('<a>&#163;5 &#x20AC;6</a>'))).toBe('£5 €6')
  expect(() => parseXml('<a>&#x110000;</a>')).toThrow(XmlFault)
})

test.each([
  [
    'Good morning Ada. This is CallAssist!  Are you well? Press any key',
    ['Good morning Ada.', 'This is CallAssist!', 'Are you well?', 'Press any key'],
  ],
  ['Dr. Smith rang at 9.30. "Well done." Goodbye…', ['Dr. Smith rang at 9.30.', '"Well done."', 'Goodbye…']],
  ['', []],
  ['   ', []],
])('%j is heard as %j', (text, sentences) => {
  expect(sentencesOf(text)).toEqual(sentences)
})

test('sentences begin one after the other within the whole, and lose nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('Hello.', 'How are you?', 'Mr. Brown', 'x', '!', ' '), { minLength: 1 }),
      fc.integer({ min: 1, max: 60_000 }),
      (words, ms) => {
        const timed = timedSentences(words.join(' '), ms)
        for (const [n, { fromMs }] of timed.entries()) {
          expect(fromMs).toBeGreaterThanOrEqual(n === 0 ? 0 : timed[n - 1]!.fromMs)
          expect(fromMs).toBeLessThanOrEqual(ms)
        }
        expect(timed.map(({ text }) => text).join(' ')).toBe(words.join(' ').trim().replaceAll(/\s+/g, ' '))
      },
    ),
  )
})
