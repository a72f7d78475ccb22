// Test / rehearsal: every scenario of this folder, lived by the production code on a fresh database, must show the six rules
// (rules.ts), and what its name says.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type LedgerEvent, summary } from '../../src/rehearsal/ledger.ts'
import { type Rehearsed, rehearse } from '../../src/rehearsal/run.ts'
import { readScenario } from '../../src/rehearsal/scenario.ts'
import { freshDatabase } from '../support/database.ts'
import { brokenRules } from './rules.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const scenarioOf = (name: string) => readScenario(readFileSync(`${folder}${name}.json`, 'utf8'))

async function live(name: string): Promise<Rehearsed> {
  const database = await freshDatabase()
  try {
    return await rehearse(scenarioOf(name), { database: database.connectionString, folder })
  } finally {
    await database.drop()
  }
}

const times = (ledger: readonly LedgerEvent[], from: string) =>
  ledger.map((e) => e.at).filter((at) => at >= from)
const outcomes = (ledger: readonly LedgerEvent[]) =>
  ledger.flatMap((e) =>
    e.event === 'outcome'
      ? [`${e.receiver} ${e.dueAt.slice(11, 16)} ${e.outcome}: ${e.attempts.join(', ')}`]
      : [],
  )
const alerts = (ledger: readonly LedgerEvent[]) =>
  ledger.flatMap((e) =>
    e.event === 'alert' ? [`${e.at.slice(11, 19)} ${e.receiver} ${e.state}${e.by ? ` by ${e.by}` : ''}`] : [],
  )
/** Over which line and under which number each call rang, before and from noon on. */
function linesOf(ledger: readonly LedgerEvent[]): { morning: string[]; noon: string[] } {
  const calls = ledger.filter((e) => e.event === 'ring').filter((ring) => ring.purpose === 'call')
  const said = (from: string, until: string) =>
    calls
      .filter(({ at }) => at.slice(11) >= from && at.slice(11) < until)
      .map((ring) => `${ring.line} as ${ring.from}`)
  return { morning: said('00', '12'), noon: said('12', '24') }
}

const rings = (ledger: readonly LedgerEvent[], purpose = 'call') =>
  ledger.flatMap((e) =>
    e.event === 'ring' && e.purpose === purpose ? [`${e.at.slice(11, 19)} ${e.for} ${e.result}`] : [],
  )

const texts = (ledger: readonly LedgerEvent[], purpose: string) =>
  ledger.flatMap((e) =>
    e.event === 'text' && e.purpose === purpose ? [`${e.at.slice(11, 16)} ${e.for} ${e.attempt}`] : [],
  )

/** Who was told of a pause or a stop. */
const news = (ledger: readonly LedgerEvent[]) =>
  ledger.flatMap((e) =>
    (e.event === 'text' || e.event === 'email') && e.purpose === 'news'
      ? [`${e.at.slice(11, 19)} ${e.event} ${e.for}`]
      : [],
  )

/** Of alerts: the subjects of the e-mails to this person. */
const subjects = (ledger: readonly LedgerEvent[], who: string) =>
  ledger.flatMap((e) => (e.event === 'email' && e.for === who ? [`${e.at.slice(11, 16)} ${e.subject}`] : []))

/** What each scenario must show beside the rules. */
const shows: Record<string, (rehearsed: Rehearsed) => void> = {
  'answered-first-time': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: answered'])
    expect(rings(ledger)).toEqual(['09:30:00 Ada answered'])
    expect(alerts(ledger)).toEqual([])
    expect(ledger.find((e) => e.event === 'ring')).toMatchObject({
      purpose: 'call',
      receiver: 'Ada',
      attempt: 1,
      keys: ['1'],
    })
  },
  'answered-third-time': ({ ledger }) => {
    expect(rings(ledger)).toEqual([
      '09:30:00 Ada no-answer',
      '09:35:00 Ada no-answer',
      '09:40:00 Ada answered',
    ])
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: no-answer, no-answer, answered'])
    expect(alerts(ledger)).toEqual([])
  },
  'outage-1-minute': ({ ledger }) => {
    // Bert picked up while nobody could say anything to him, and is rung again; that was not his fault
    const apology = ['We are sorry.', 'An application error has occurred.', 'Goodbye.']
    expect(ledger.find((e) => e.event === 'ring' && e.for === 'Bert')).toMatchObject({ heard: apology })
    expect(outcomes(ledger)).toEqual([
      'Dora 09:28 missed: no-answer',
      'Ada 09:29 acknowledged: answered',
      'Bert 09:28 acknowledged: not placed, answered',
    ])
    // what waited as it began leaves as it ends
    expect(ledger.find((e) => e.event === 'text')).toMatchObject({
      at: '2026-11-24T09:29:21.000Z',
      for: 'Cara',
    })
    expect(alerts(ledger)).toEqual(['09:28:20 Dora open', '09:30:02 Dora accepted by Cara'])
  },
  'outage-20-minutes': ({ ledger }) => {
    // six minutes late is of use, and so is the alert that stood at its first step
    expect(rings(ledger).slice(1)).toEqual(['09:21:01 Bert no-answer', '09:21:02 Ada answered'])
    expect(rings(ledger, 'alert')[1]).toBe('09:21:00 Dov answered')
    expect(outcomes(ledger)).toEqual([
      'Dora 09:00 missed: no-answer',
      'Ada 09:15 acknowledged: answered',
      'Bert 09:16 missed: no-answer',
    ])
    expect(alerts(ledger).slice(0, 2)).toEqual(['09:00:30 Dora open', '09:21:17 Dora accepted by Dov'])
  },
  'outage-3-hours': ({ ledger }) => {
    expect(outcomes(ledger).filter((o) => o.includes('not placed'))).toEqual([
      'Ada 10:15 not placed: ',
      'Bert 09:10 not placed: ',
      'Bert 10:00 not placed: ',
      'Eve 09:20 not placed: ',
    ])
    expect(alerts(ledger).filter((a) => a.endsWith('open'))).toEqual([
      '12:05:00 Ada open',
      '12:05:00 Bert open',
      '12:05:00 Dora open',
      '12:05:00 Eve open',
      // he was rung three times since, in vain, when Ben had said only that he would see to what he knew
      '12:15:32 Bert open',
    ])
    expect(subjects(ledger, 'Ben').slice(0, 2)).toEqual([
      '12:05 We could not place the 10:15am call to Ada: will you see to it?',
      '12:05 We could not place two calls to Bert, at 9:10am and 10am: will you see to it?',
    ])
    // a sign of life three hours late is the all-clear
    expect(alerts(ledger)).toContain('12:30:06 Ada closed')
    // so is answering the next call: whoever has it in hand hears so instead of being asked
    expect(alerts(ledger)).toContain('13:20:00 Eve closed')
  },
  'outage-26-hours': ({ ledger }) => {
    expect(outcomes(ledger).filter((o) => o.includes('not placed'))).toHaveLength(7)
    expect(alerts(ledger)).toEqual([
      '14:00:00 Ada open',
      '14:00:00 Bert open',
      '14:00:00 Dora open',
      // she answered the call of 2pm
      '14:05:00 Dora closed',
      '14:15:00 Ada handed over',
      '14:15:00 Bert handed over',
    ])
    expect(ledger.find((e) => e.event === 'alert')).toMatchObject({
      calls: ['24T13', '24T18', '25T09', '25T13'].map((at) => `2026-11-${at}:00:00.000Z`),
    })
    expect(new Set(subjects(ledger, 'Ben').map((subject) => subject.slice(6)))).toEqual(
      new Set([
        'We could not place four calls to Ada, at 1pm and 6pm on Tuesday and 9am and 1pm on Wednesday: will you see to it?',
      ]),
    )
  },
  'two-lines': ({ ledger }) => {
    expect(outcomes(ledger)).toHaveLength(24)
    for (const outcome of outcomes(ledger)) expect(outcome).toMatch(/acknowledged: answered$/)
    const byLine = linesOf(ledger)
    // noticed within seconds; the people see the number that they know; and at noon the line is back
    expect(byLine.morning).toEqual(Array(12).fill('second as +441632960001'))
    expect(byLine.noon).toEqual(Array(12).fill('main as +441632960001'))
    expect(rings(ledger)[0]).toMatch(/^09:05:0[0-5] /)
  },
  'two-lines-lost-answers': ({ ledger }) => {
    for (const outcome of outcomes(ledger)) expect(outcome).toMatch(/acknowledged: answered$/)
    const byLine = linesOf(ledger)
    // three answers were lost before the line was given up: those calls rang all the same, and nobody is rung twice
    expect(byLine.morning).toEqual([
      ...Array(3).fill('main as +441632960001'),
      ...Array(5).fill('second as +441632960001'),
    ])
    expect(byLine.noon).toHaveLength(8)
  },
  'voicemail-neutral-words': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual(['Ada 09:30 missed: voicemail, voicemail, voicemail'])
    const heard = ledger.filter((e) => e.event === 'ring' && e.purpose === 'call')
    expect(heard).toHaveLength(3)
    for (const ring of heard) {
      if (ring.event !== 'ring') continue
      // what the machine heard last is the neutral sentence, twice; nothing of the message came after it
      const neutral = ring.heard.findIndex((sentence) => sentence.includes('We rang just now'))
      expect(neutral).toBeGreaterThan(0)
      const after = ring.heard.slice(neutral).join(' ')
      expect(after.match(/We rang just now/g)).toHaveLength(2)
      expect(after).not.toMatch(/Ada|key|all right/)
    }
  },
  voicemail: ({ ledger }) => {
    expect(outcomes(ledger)).toEqual(['Ada 09:30 missed: voicemail, voicemail, voicemail'])
    expect(alerts(ledger).map((line) => line.slice(9))).toEqual(['Ada open', 'Ada accepted by Ben'])
  },
  'busy-then-answered': ({ ledger }) =>
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: busy, answered']),
  'nobody-ever': ({ ledger }) => {
    expect(alerts(ledger)).toEqual(['09:40:30 Ada open', '10:10:30 Ada handed over'])
    expect(rings(ledger, 'alert')).toHaveLength(3)
  },
  'accepted-in-round-two': ({ ledger }) => {
    expect(alerts(ledger)).toEqual(['09:40:30 Ada open', '09:50:44 Ada accepted by Ben'])
    const said = ledger.find((e) => e.event === 'ring' && e.purpose === 'alert' && e.result === 'answered')
    expect(said).toMatchObject({
      heard: expect.arrayContaining([
        'This is CallAssist, about Ada.',
        'Ada did not answer the call at 9:30am.',
      ]),
    })
    const toOthers = ledger.find(
      (e) => e.event === 'text' && e.for === 'Cara' && e.at > '2026-11-24T09:50:44',
    )
    expect(toOthers).toMatchObject({ body: expect.stringContaining('Ben') })
  },
  'accepted-by-text': ({ ledger }) => {
    expect(alerts(ledger)).toEqual(['09:40:30 Ada open', '09:46:14 Ada accepted by Cara'])
    expect(
      times(
        ledger.filter((e) => e.event === 'ring'),
        '2026-11-24T09:46:14',
      ),
    ).toEqual([])
  },
  'unconfirmed-number': ({ ledger }) => {
    // Ben's number is a stranger's, who hears nothing of Ada and is rung once; Cara is rung instead of texted, and says who she is
    const rings = ledger.filter((e) => e.event === 'ring')
    const to = (number: string) => rings.filter((ring) => ring.to === number)
    expect(to('+447700900201')).toHaveLength(1)
    expect(to('+447700900201')[0]!.heard.join(' ')).toMatch(
      /urgent message for Ben.*not ring this number again/,
    )
    expect(to('+447700900201')[0]!.heard.join(' ')).not.toContain('Ada')
    const [cara] = to('+447700900202')
    expect(cara!.heard.join(' ')).toMatch(/If you are Cara, press 1.*Ada did not answer.*Key under the pot/)
    // by then she has said who she is
    const texts = ledger.filter((e) => e.event === 'text')
    expect(texts.map(({ to: number, at }) => [number, at > '2026-11-24T09:46'])).toEqual([
      ['+447700900202', true],
    ])
    expect(alerts(ledger).slice(0, 2)).toMatchObject(
      [/Ada open/, /Ada accepted by Cara/].map((like) => expect.stringMatching(like)),
    )
  },
  'accepted-by-link': ({ ledger }) =>
    expect(alerts(ledger)).toEqual(['09:40:30 Ada open', '09:43:00 Ada accepted by Ben']),
  'bundle-by-call': ({ ledger }) => {
    // Bert's call is missed a second after Ada's, while Ben's telephone rings about her
    expect(alerts(ledger).slice(0, 4)).toEqual([
      '09:40:30 Ada open',
      '09:40:31 Bert open',
      '09:40:51 Ada accepted by Ben',
      '09:41:11 Bert accepted by Ben',
    ])
    const told = ledger.filter((e) => e.event === 'ring' && e.purpose === 'alert' && e.at < '2026-11-24T10')
    expect(told).toMatchObject([
      {
        receivers: ['Ada', 'Bert'],
        keys: ['1', '1'],
        heard: expect.arrayContaining([
          'This is CallAssist, about two people: Ada and Bert.',
          'You are seeing to Ada.',
          'You are seeing to Bert.',
        ]),
      },
    ])
  },
  'bundle-by-text': ({ ledger }) => {
    const bodies = ledger.flatMap((e) => (e.event === 'text' && e.at < '2026-11-24T10' ? [e.body] : []))
    expect(bodies).toEqual([
      'CallAssist: Ada and Bert did not answer the 9:30am call. If you will see to it, reply OK 38 for Ada, OK 49 for Bert, or OK ALL for both.',
      'CallAssist: Whom will you see to? Reply OK 38 for Ada, OK 49 for Bert, or OK ALL for both. Or just the name.',
      'CallAssist: Thank you, Ben. You are seeing to Ada and Bert. When all is well reply FINE 38 for Ada, FINE 49 for Bert, or FINE ALL for both.',
    ])
    const first = ledger.find((e) => e.event === 'text')!
    const opened = ledger.find((e) => e.event === 'alert')!
    expect(Date.parse(first.at) - Date.parse(opened.at)).toBeLessThan(5000)
    expect(alerts(ledger).filter((line) => line.includes('accepted by Ben'))).toHaveLength(2)
  },
  ceiling: ({ ledger }) => {
    // every six minutes another alert: six calls to Ben in an hour, and for the seventh Cara is told at once
    expect(rings(ledger, 'alert')).toHaveLength(6)
    expect(rings(ledger, 'alert').at(-1)).toBe('09:30:30 Ben no-answer')
    const aboutGus = ledger.filter((e) => e.event === 'text' && e.receiver === 'Gus')
    expect(aboutGus).toMatchObject([{ at: '2026-11-24T09:36:33.000Z', for: 'Cara' }])
    expect(alerts(ledger).filter((line) => line.includes('Gus'))).toEqual([
      '09:36:30 Gus open',
      '09:41:30 Gus handed over',
    ])
  },
  'alert-text-refused': ({ ledger }) => {
    // Ben wants no texts, and has nothing else: as soon as that is noticed Cara is rung, and not five minutes later
    const told = ledger.filter((e) => e.event === 'text' && e.purpose === 'alert' && e.for === 'Ben')
    expect(times(told, '2026-11-24T09:40')).toEqual([])
    expect(rings(ledger, 'alert')[0]).toBe('09:40:33 Cara answered')
    expect(alerts(ledger).at(1)).toMatch(/^09:40:4\d Ada accepted by Cara$/)
  },
  'two-services-one-contact': ({ ledger }) => {
    const accepted = alerts(ledger).filter((line) => line.includes('accepted by Ben'))
    expect(accepted.map((line) => line.split(' ')[1]).sort()).toEqual(['Ada', 'Bert'])
  },
  'help-key': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual(['Ada 09:30 help requested: answered'])
    expect(alerts(ledger)[0]).toBe('09:30:11 Ada open')
    expect(rings(ledger, 'alert')[0]!.slice(0, 8) <= '09:30:20').toBe(true)
  },
  'unreachable-and-rejected': ({ ledger }) =>
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: unreachable, busy, rejected, answered']),
  'answers-but-no-key': ({ ledger }) =>
    expect(outcomes(ledger)).toEqual(['Ada 09:30 missed: answered, answered, answered']),
  paused: ({ ledger }) =>
    expect(outcomes(ledger).map((line) => line.split(' ')[2]!.replace(':', ''))).toEqual([
      'acknowledged',
      'skipped',
      'skipped',
      'acknowledged',
    ]),
  'nobody-to-tell': ({ ledger }) => {
    expect(alerts(ledger).at(-1)).toBe('09:40:30 Ada handed over')
    expect(rings(ledger, 'alert')).toEqual([])
  },
  'peak-overtaken-by-an-alert': ({ ledger }) => {
    const told = ledger.find((e) => e.event === 'ring' && e.purpose === 'alert')
    expect(told!.at <= '2026-11-24T09:00:35').toBe(true)
    const peak = rings(ledger).filter((line) => line.includes('Dora'))
    expect(peak).toHaveLength(119)
    // one second for each, and one for the alert that overtook them
    expect(peak.at(-1)!.slice(0, 8)).toBe('09:01:59')
  },
  midnight: ({ ledger }) => expect(outcomes(ledger)).toHaveLength(4),
  'clocks-go-forward': ({ ledger }) =>
    expect(outcomes(ledger).map((line) => line.slice(0, 9))).toEqual([
      'Ada 01:30',
      'Ada 08:30',
      'Ada 00:30',
      'Ada 08:30',
    ]),
  'clocks-go-back': ({ ledger }) =>
    expect(outcomes(ledger).map((line) => line.slice(0, 9))).toEqual([
      'Ada 00:30',
      'Ada 09:30',
      'Ada 01:30',
      'Ada 09:30',
    ]),
  'by-text': ({ ledger }) => {
    expect(outcomes(ledger).toSorted()).toEqual([
      'Ada 09:30 acknowledged: reply',
      'Bert 09:30 acknowledged: no reply, reply',
      'Cleo 09:30 acknowledged: no-answer, busy, reply',
      'Dora 09:30 acknowledged: no reply, answered',
      'Emil 09:30 help requested: reply',
      // a landline takes no texts: she is rung
      'Fay 09:30 acknowledged: answered',
    ])
    expect(texts(ledger, 'call')).toEqual([
      '09:30 Ada 1',
      '09:30 Bert 1',
      '09:30 Dora 1',
      '09:30 Emil 1',
      '09:35 Bert 2',
      '09:40 Cleo 3',
    ])
    expect(ledger.find((e) => e.event === 'text' && e.for === 'Ada')).toMatchObject({
      purpose: 'call',
      receiver: 'Ada',
      body: 'CallAssist for Ada: Time for your tablets. Reply Y when you have read this, or N if you need somebody.',
    })
    expect(rings(ledger)).toEqual([
      '09:30:00 Cleo no-answer',
      '09:30:01 Fay answered',
      '09:35:00 Cleo busy',
      '09:35:01 Dora answered',
    ])
    expect(alerts(ledger).map((line) => line.slice(9))).toEqual(['Emil open', 'Emil accepted by Ben'])
  },
  'by-text-too-late': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual([
      'Ada 09:30 missed: no reply, reply',
      'Bert 09:30 missed: no-answer, no-answer, no reply',
    ])
    expect(texts(ledger, 'call')).toEqual(['09:30 Ada 1', '09:35 Ada 2', '09:40 Bert 3'])
    const hers = alerts(ledger).filter((line) => line.includes('Ada'))
    expect(hers.map((line) => line.slice(0, 5) + line.slice(8))).toEqual([
      '09:40 Ada open',
      '09:41 Ada accepted by Ben',
      // a late reply gives everybody the all-clear
      '10:15 Ada closed',
    ])
    expect(ledger.find((e) => e.event === 'text' && e.at > '2026-11-24T10:15')).toMatchObject({
      for: 'Ada',
      body: 'CallAssist: Thank you, Ada. We are telling everybody that you have answered.',
    })
  },
  'cry-for-help': ({ ledger }) => {
    // she was well at half past nine; the cry has an alert of its own
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: reply'])
    expect(alerts(ledger).map((line) => line.slice(0, 5) + line.slice(8))).toEqual([
      '11:00 Ada open',
      '11:01 Ada accepted by Ben',
    ])
    const told = ledger.find((e) => e.event === 'text' && e.for === 'Ben')
    expect(told).toMatchObject({ purpose: 'alert', receiver: 'Ada' })
    expect(told!.at <= '2026-11-24T11:00:10').toBe(true)
    expect(
      ledger.find((e) => e.event === 'text' && e.for === 'Ada' && e.at >= '2026-11-24T11'),
    ).toMatchObject({
      body: expect.stringContaining('we are telling the people who look out for you'),
    })
  },
  stop: ({ ledger }) => {
    // Bert, who was texted, is rung instead; Ben is rung and e-mailed, and never texted
    expect(outcomes(ledger).toSorted()).toEqual([
      'Ada 09:30 missed: no-answer, no-answer, no-answer',
      'Bert 09:30 acknowledged: answered',
    ])
    const toBen = ledger.filter((e) => e.event === 'text' && e.for === 'Ben' && e.purpose !== 'automatic')
    expect(toBen.filter((e) => e.at > '2026-11-24T09:00:10')).toEqual([])
    expect(rings(ledger, 'alert')).toEqual(['09:40:30 Ben answered'])
    expect(alerts(ledger).map((line) => line.slice(9))).toEqual(['Ada open', 'Ada accepted by Ben'])
    // the others learn of it at once
    const news = ledger.flatMap((e) =>
      e.event === 'text' && e.purpose === 'news' ? [`${e.at.slice(11, 16)} ${e.for}: ${e.body}`] : [],
    )
    expect(news).toEqual([
      expect.stringMatching(/^09:00 Cara: CallAssist: Ben gets no more texts .* still rung and e-mailed/),
      expect.stringMatching(/^09:05 Cara: CallAssist: Bert gets no more texts .* now rings instead/),
    ])
  },
  'what-people-do': ({ ledger }) => {
    expect(ledger.filter((e) => e.event === 'ring' && e.purpose === 'ring-in')).toMatchObject([
      {
        at: '2026-11-24T08:10:00.000Z',
        line: 'main',
        from: '+441632960101',
        to: '+441632960001',
        for: 'Ada',
        receiver: 'Ada',
        result: 'answered',
        keys: ['*'],
      },
      { at: '2026-11-24T08:15:00.000Z', from: 'withheld', for: null, receiver: null, result: 'answered' },
      { at: '2026-11-24T08:15:00.000Z', from: 'withheld', for: null, receiver: null, result: 'answered' },
    ])
    expect(ledger.find((e) => e.event === 'text in')).toMatchObject({
      at: '2026-11-24T08:20:00.000Z',
      body: 'Who is this?',
    })
    expect(outcomes(ledger)).toEqual([
      'Ada 09:30 acknowledged: answered',
      'Ada 13:00 skipped: ',
      'Ada 18:00 skipped: ',
    ])
  },
  'ring-in-early': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: '])
    expect(rings(ledger)).toEqual([])
    expect(rings(ledger, 'ring-in')).toEqual(['09:10:00 Ada answered'])
  },
  'ring-in-acknowledges': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual([
      'Ada 09:30 acknowledged: no-answer',
      'Ada 11:00 missed: no-answer, no-answer, no-answer',
    ])
    expect(alerts(ledger)).toEqual(['11:10:30 Ada open', '11:25:30 Ada handed over', '11:30:04 Ada closed'])
  },
  'ring-in-help': ({ ledger }) => {
    // no slot was due then: there is an alert, and no outcome
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: answered'])
    expect(alerts(ledger)).toEqual(['12:00:05 Ada open', '12:00:30 Ada accepted by Ben'])
    expect(rings(ledger, 'alert')[0]).toBe('12:00:05 Ben answered')
  },
  'ring-in-pause-by-pin': ({ ledger }) => {
    expect(outcomes(ledger).map((line) => line.split(' ')[2])).toEqual([
      'acknowledged:',
      'skipped:',
      'acknowledged:',
      'acknowledged:',
    ])
    expect(news(ledger)).toEqual(['12:00:19 text Ben', '12:00:19 email Cara'])
  },
  'ring-in-forged': ({ ledger }) => {
    expect(rings(ledger, 'ring-back')).toEqual(['12:00:23 Ada answered'])
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: answered', 'Ada 09:30 acknowledged: answered'])
    expect(news(ledger)).toEqual([])
  },
  'ring-in-stop-when-rung-back': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: answered', 'Ada 09:30 skipped: '])
    expect(news(ledger)).toEqual(['12:00:54 text Ben'])
  },
  'ring-in-wrong-pins': ({ ledger }) => {
    const heard = ledger.flatMap((e) =>
      e.event === 'ring' && e.purpose === 'ring-in' ? [e.heard.join(' ')] : [],
    )
    expect(heard[1]).toContain('too many wrong PINs')
    expect(heard[2]).toContain('Hello Ada.')
    expect([...heard.slice(0, 2)].join()).not.toContain('Ada')
    expect(outcomes(ledger)).toEqual(['Ada 14:30 skipped: '])
    expect(news(ledger)).toEqual(['10:10:44 text Ben'])
  },
  'ring-in-accepts': ({ ledger }) => {
    // rings back the call that he has missed
    expect(rings(ledger, 'alert')).toEqual(['09:40:30 Ben no-answer'])
    expect(alerts(ledger)).toEqual([
      '09:40:30 Ada open',
      '09:42:14 Ada accepted by Ben',
      '10:20:18 Ada closed',
    ])
    const heard = ledger.flatMap((e) => (e.event === 'ring' && e.purpose === 'ring-in' ? [e.heard] : []))
    expect(heard.flat().join(' ')).not.toContain('blue pot')
    const told = ledger.filter((e) => e.event === 'text' && e.purpose === 'news')
    expect(told).toMatchObject([{ for: 'Ben', body: expect.stringContaining('Key under the blue pot') }])
    expect(heard[1]).toContain('We are telling everybody that Ada is all right.')
  },
  'ring-in-leaves-a-message': ({ ledger }) => {
    const [ring] = ledger.filter((e) => e.event === 'ring')
    expect(ring).toMatchObject({ purpose: 'ring-in', heard: expect.arrayContaining(['Thank you.']) })
    expect(news(ledger)).toEqual([expect.stringContaining('email CallAssist desk')])
    expect(ledger).toHaveLength(2)
  },
  'recorded-by-telephone': ({ ledger }) => {
    expect(rings(ledger, 'recording')).toEqual(['08:45:00 Ben answered'])
    const taken = ledger.find((e) => e.event === 'ring' && e.purpose === 'recording')
    // it is played back before it is kept
    expect(taken).toMatchObject({
      keys: ['1', '#', '1'],
      heard: expect.arrayContaining(['recording:by telephone']),
    })
    const call = ledger.find((e) => e.event === 'ring' && e.purpose === 'call')
    expect(call).toMatchObject({ heard: expect.arrayContaining(['recording:by telephone']) })
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: answered'])
  },
  'fault-429': ({ ledger, faults }) => {
    // certainly not done, so it may be asked again at once: nobody loses an attempt
    expect(faults['429']).toBeGreaterThan(0)
    for (const line of outcomes(ledger)) expect(line).toMatch(/acknowledged: answered$/)
    expect(rings(ledger)).toHaveLength(8)
  },
  'fault-early-callbacks': ({ ledger, faults }) => {
    expect(faults['early callbacks']).toBe(8)
    for (const line of outcomes(ledger)) expect(line).toMatch(/acknowledged: no-answer, answered$/)
  },
  'fault-late-callbacks': ({ ledger, faults }) => {
    expect(faults['late callbacks']).toBeGreaterThan(0)
    for (const line of outcomes(ledger)) expect(line).toMatch(/acknowledged: busy, no-answer, answered$/)
    expect(rings(ledger)).toHaveLength(12)
  },
  'fault-bad-signature': ({ ledger, faults }) => {
    // every report is turned away; what became of the calls is looked up
    expect(faults['bad signature']).toBeGreaterThan(0)
    for (const line of outcomes(ledger)) expect(line).toMatch(/acknowledged: busy, no-answer, answered$/)
  },
  'fault-list-lags': ({ ledger, faults }) => {
    expect(faults['list lags']).toBeGreaterThan(0)
    for (const line of outcomes(ledger)) expect(line).toMatch(/missed: no-answer, busy, no-answer$/)
    expect(rings(ledger)).toHaveLength(9)
  },
  'fault-slow-queue': ({ ledger }) => {
    // given up as lost, it begins after all: it is put down in the very second in which that is told
    const first = ledger.find((e) => e.event === 'ring')
    expect(first).toMatchObject({
      attempt: 1,
      at: '2026-11-24T09:31:40.000Z',
      endedAt: '2026-11-24T09:31:40.000Z',
    })
    expect(outcomes(ledger)).toEqual(['Ada 09:30 acknowledged: not placed, answered'])
  },
  'fault-wrong-machine': ({ ledger }) => {
    // put down by mistake, a person is rung again; a machine that is taken for one has pressed no key
    for (const line of outcomes(ledger)) expect(line).toMatch(/acknowledged: voicemail, answered, answered$/)
  },
  'fault-down': ({ ledger, faults }) => {
    expect(faults.down).toBe(1)
    // nobody was rung before it was there again, and everybody soon after
    expect(rings(ledger)).toHaveLength(12)
    expect(rings(ledger).every((line) => line >= '09:36:00' && line < '09:37:00')).toBe(true)
    for (const line of outcomes(ledger)) expect(line).toMatch(/acknowledged: not placed, answered$/)
  },
  'fault-down-for-too-long': ({ ledger }) => {
    expect(outcomes(ledger)).toEqual(['Ada 09:30 not placed: not placed, not placed, not placed'])
    // what needs no telephone company goes out at once
    const mail = ledger.find((e) => e.event === 'email' && e.purpose === 'alert')
    expect(mail!.at.slice(11, 16)).toBe('09:44')
    expect(alerts(ledger).map((line) => line.slice(9))).toEqual([
      'Ada open',
      'Ada handed over',
      'Ada accepted by Ben',
    ])
  },
  'fault-errors': ({ ledger, faults }) => {
    expect(faults.errors).toBeGreaterThan(0)
    expect(outcomes(ledger).some((line) => line.endsWith('acknowledged: not placed, answered'))).toBe(true)
    expect(rings(ledger)).toHaveLength(12)
  },
  'fault-lost-response': ({ ledger, faults }) => {
    expect(faults['lost response']).toBeGreaterThanOrEqual(24)
    expect(outcomes(ledger).every((line) => line.endsWith('acknowledged: no-answer, answered'))).toBe(true)
    expect(rings(ledger)).toHaveLength(24)
  },
  'fault-callbacks': ({ ledger, faults }) => {
    expect(faults.callbacks).toBeGreaterThan(50)
    // a lost report of an answerphone leaves an answer without a key
    for (const line of outcomes(ledger))
      expect(line).toMatch(/acknowledged: no-answer, (voicemail|answered), answered$/)
    expect(rings(ledger)).toHaveLength(36)
  },
  'lost-responses-at-a-peak': ({ ledger, callsDue, faults }) => {
    expect(callsDue).toBe(300)
    // the whole peak, and what of the second attempts fell into the ten minutes
    expect(faults['lost response']).toBeGreaterThan(500)
    expect(outcomes(ledger)).toHaveLength(300)
    const attempts = rings(ledger).length
    expect(new Set(ledger.flatMap((e) => (e.event === 'ring' ? [`${e.to} ${e.attempt}`] : []))).size).toBe(
      attempts,
    )
    expect(attempts).toBe(900)
  },
  'lost-without-a-word': ({ ledger, faults }) => {
    // nothing but the provider's list told of these calls, and that late
    expect(faults['lost response']).toBe(rings(ledger).filter((line) => line < '09:10').length)
    expect(faults['list lags']).toBeGreaterThan(0)
    expect(outcomes(ledger).every((line) => line.endsWith('acknowledged: no-answer, busy, answered'))).toBe(
      true,
    )
    expect(rings(ledger)).toHaveLength(120)
  },
  'a-day-of-600-calls': ({ ledger, callsDue }) => {
    expect(callsDue).toBe(600)
    expect(summary(ledger, callsDue)).toContain('acknowledged 600')
  },
}

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))

describe('every scenario shows the six rules and what its name says', () => {
  test('each has an expectation of its own', () =>
    expect(Object.keys(shows).sort()).toEqual(names.toSorted()))

  test.each(names)('%s', { timeout: 600_000 }, async (name) => {
    const rehearsed = await live(name)
    expect(brokenRules(scenarioOf(name), rehearsed.ledger)).toEqual([])
    shows[name]!(rehearsed)
  })
})

test('the same scenario gives the same ledger twice', { timeout: 60_000 }, async () => {
  const [first, second] = [await live('two-services-one-contact'), await live('two-services-one-contact')]
  expect(second.ledger).toEqual(first.ledger)
})
