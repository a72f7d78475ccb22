import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBehaviours, phonesSchema, textsSchema } from './behaviours.ts'
import { createPacer } from './pacer.ts'
import { createSids } from './sids.ts'
import { decodeWav, encodeWav, hum, layOnSilence, playingMs } from './sound.ts'
import { createTimeline } from './timeline.ts'

test('the timeline runs in order of instants, at one instant in order of noting down', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean())), async (given) => {
      const timeline = createTimeline()
      const ran: [number, number][] = []
      given.forEach(([at, cancelled], n) => {
        const appointment = timeline.add(at, (now) => void ran.push([now, n]))
        if (cancelled) appointment.cancel()
      })
      const expected = given
        .map(([at, cancelled], n) => ({ at, cancelled, n }))
        .filter(({ cancelled }) => !cancelled)
      expected.sort((a, b) => a.at - b.at || a.n - b.n)
      expect(timeline.nextAt()).toBe(expected[0]?.at ?? null)
      expect(await timeline.runDue(10)).toBe(expected.filter(({ at }) => at <= 10).length)
      await timeline.runDue(20)
      expect(ran).toEqual(expected.map(({ at, n }) => [at, n]))
      expect(timeline.nextAt()).toBeNull()
    }),
  )
})

test('what waits is waited for, what comes meanwhile is run in its place, and two drivers are one', async () => {
  const timeline = createTimeline()
  const ran: string[] = []
  timeline.add(1, async () => {
    ran.push('asks')
    await Promise.resolve()
    timeline.add(2, () => void ran.push('late comer'))
    ran.push('answered')
  })
  timeline.add(2, () => void ran.push('second'))
  timeline.add(4, () => void ran.push('not yet'))
  const [one, two] = await Promise.all([timeline.runDue(3), timeline.runDue(3)])
  expect([one, two]).toEqual([3, 3])
  expect(ran).toEqual(['asks', 'answered', 'second', 'late comer'])
})

test('a failing entry fails its driver once and stops nothing else', async () => {
  const timeline = createTimeline()
  let ran = false
  timeline.add(1, () => {
    throw new Error('a bug')
  })
  timeline.add(2, () => {
    ran = true
  })
  await expect(timeline.runDue(3)).rejects.toThrow('a bug')
  await timeline.runDue(3)
  expect(ran).toBe(true)
})

test('drivers are told of what comes sooner than all the rest, not while they run', async () => {
  const timeline = createTimeline()
  let told = 0
  timeline.onSooner(() => told++)
  timeline.add(10, () => void timeline.add(5, () => {}))
  timeline.add(20, () => {})
  timeline.add(5, () => {})
  expect(told).toBe(2)
  await timeline.runDue(10)
  expect(told).toBe(2)
})

test('never more begins in any second than the line carries, and nothing waits without need', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60 }),
      async (perSecond, arrivals) => {
        const timeline = createTimeline()
        const began: number[] = []
        const pacer = createPacer<number>(timeline, perSecond, (_, at) => began.push(at))
        for (const at of arrivals) timeline.add(at, (now) => pacer.push(now, now))
        await timeline.runDue(120_000)
        expect(began).toHaveLength(arrivals.length)
        for (const [n, at] of began.entries()) {
          const after = began[n + perSecond]
          if (after !== undefined) expect(after - at).toBeGreaterThanOrEqual(1000)
        }
        expect(began[0]).toBe(Math.min(...arrivals))
        expect(began.at(-1)! - Math.min(...arrivals)).toBeLessThanOrEqual(
          Math.max(...arrivals) + (1000 / perSecond) * arrivals.length,
        )
      },
    ),
    // thirds of a second add up to one that is a hair too long
    { examples: [[3, [...Array<number>(10).fill(1430), 0]]] },
  )
})

test('identifiers have their shape and come from the seed, never twice over starts', () => {
  const made = (seed: number, start: number) =>
    Array.from({ length: 100 }, () => createSids(seed, start)).map((sids) => sids.next('CA'))[0]!
  expect(made(1, 0)).toMatch(/^CA[0-9a-f]{32}$/)
  expect(made(1, 0)).toBe(made(1, 0))
  expect(new Set([made(1, 0), made(1, 1), made(2, 0)]).size).toBe(3)
})

test('the behaviours of the rehearsal are read as it writes them', () => {
  const phones = {
    '+441632960101': [
      'no-answer',
      'busy',
      'rejected',
      'unreachable',
      { voicemail: { afterSeconds: 20 } },
      { answer: { afterSeconds: 8, press: [{ key: '1', atSecond: 4 }], hangUpAtSecond: 60 } },
    ],
    '+447700900201': [{ answer: { afterSeconds: 5, press: [{ key: '1', atSecond: 9 }] } }],
  }
  const read = phonesSchema.parse(phones)
  expect(read['+447700900201']).toEqual([
    { answer: { afterSeconds: 5, press: [{ key: '1', atSecond: 9 }], speak: [], hangUpAtSecond: 60 } },
  ])
  expect(textsSchema.parse({ '+447700900202': [null, { reply: 'OK', afterSeconds: 40 }] })).toEqual({
    '+447700900202': [null, { reply: 'OK', afterSeconds: 40 }],
  })
  for (const wrong of [
    { '+441632960101': [] },
    { '01632960101': ['busy'] },
    { '+441632960101': ['asleep'] },
    { '+441632960101': [{ answer: {} }] },
  ]) {
    expect(phonesSchema.safeParse(wrong).success).toBe(false)
  }
})

test('behaviours count each number for itself; others do as the default says', () => {
  const behaviours = createBehaviours({
    phones: { '+441632960101': ['busy', 'no-answer'] },
    default: 'handset',
  })
  expect([1, 2, 3].map(() => behaviours.nextRing('+441632960101'))).toEqual([
    'busy',
    'no-answer',
    'no-answer',
  ])
  expect(behaviours.nextRing('+441632960102')).toBe('handset')
  expect(behaviours.nextText('+441632960102')).toBeNull()
})

test('how long a sound lasts is read from each kind that can be played', () => {
  const wav = encodeWav(hum(2500))
  expect(playingMs('audio/wav', wav)).toBe(2500)
  expect(playingMs('audio/x-wav; charset=binary', wav)).toBe(2500)
  expect(playingMs('audio/ulaw', new Uint8Array(16_000))).toBe(2000)
  expect(playingMs('audio/gsm', new Uint8Array(1650))).toBe(1000)
  // MPEG 1 layer 3, 128 kbit/s: 16,000 bytes are one second
  expect(
    playingMs(
      'audio/mpeg',
      Uint8Array.from({ length: 16_000 }, (_, n) => [0xff, 0xfb, 0x90, 0x00][n] ?? 0),
    ),
  ).toBe(1000)
  const aiff = new Uint8Array(12 + 26)
  new TextEncoder().encodeInto('FORM....AIFFCOMM', aiff)
  const view = new DataView(aiff.buffer)
  view.setUint32(16, 18)
  view.setUint32(22, 12_000)
  view.setUint16(28, 16383 + 12)
  view.setUint32(30, 8000 * 2 ** 19)
  expect(playingMs('audio/aiff', aiff)).toBe(1500)
  for (const type of ['text/html', null, 'audio/ogg']) expect(playingMs(type, wav)).toBeNull()
  for (const type of ['audio/wav', 'audio/mpeg', 'audio/aiff'])
    expect(playingMs(type, new Uint8Array(40))).toBeNull()
})

test('pieces of speech lie on silence where they belong', () => {
  const laid = layOnSilence(1000, [{ atMs: 250, sound: hum(500, 16_000) }])
  expect(laid.samples).toHaveLength(8000)
  const loud = (from: number, to: number) =>
    laid.samples.slice(from * 8, to * 8).some((sample) => Math.abs(sample) > 2000)
  expect([loud(0, 250), loud(260, 740), loud(751, 1000)]).toEqual([false, true, false])
  expect(decodeWav(encodeWav(laid))!.samples).toEqual(laid.samples)
})
