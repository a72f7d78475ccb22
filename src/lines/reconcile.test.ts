// What became of calls that nobody tells us about: on a real PostgreSQL, with a provider that knows what the test lets it know.
import { expect, test } from 'vitest'
import { linesWorld } from '../../test/support/lines.ts'
import { type Found, type LineState, OutsideTrouble } from '../outside/phone/port.ts'
import { nextEvent } from '../queue/loop.ts'
import { claimNext, newHolder } from './dispatch.ts'
import { lineActors } from './lines.ts'

const nine = new Date('2026-11-24T09:00:00Z')
const at = (seconds: number) => new Date(nine.getTime() + seconds * 1000)
const lineId = '00000000-0000-7000-8000-00000000000a'

const seen = (sid: string, state: LineState, more: Partial<Found> = {}): Found => ({
  sid,
  from: '+441632960001',
  to: '+441632960101',
  createdAt: nine,
  state,
  answeredBy: null,
  ...more,
})

test('a worker is lost between the commit and the dialling: found out, not placed, told once, never dialled', async () => {
  const { app, ring, live, owner, row, actors } = await linesWorld()
  const id = await ring()
  const lost = newHolder('the lost worker')
  expect(await claimNext(app, lost, lineId, 'call', nine)).toHaveLength(1)
  expect(await nextEvent(actors)).toEqual(at(15))

  await live(64)
  expect(await row(id)).toMatchObject({ state: 'unknown' })
  expect(owner.ended_).toEqual([])
  await live(60)
  expect(await row(id)).toMatchObject({ state: 'ended', result: 'not placed', result_code: 'not found' })
  expect(owner.ended_).toMatchObject([{ outgoingId: id, result: 'not placed', keys: '', rangAt: null }])
  expect(app.phone.calls).toEqual([])
  expect(await nextEvent(actors)).toBeNull()
})

test('the answer was lost, the call was made: adopted from the provider’s list, and lived to its end', async () => {
  const { app, ring, live, owner, row, exchanges } = await linesWorld()
  app.phone.answer = (_wanted, sid) => {
    app.phone.known.set(sid, seen(sid, { kind: 'ringing' }))
    return { kind: 'unknown', reason: 'ECONNRESET' }
  }
  const id = await ring()
  await live(14)
  expect(await row(id)).toMatchObject({ state: 'unknown', wake_at: at(15) })
  await live(1)
  const { sid } = app.phone.calls[0]!
  expect(await row(id)).toMatchObject({ state: 'ringing', provider_sid: sid })
  app.phone.known.set(sid, seen(sid, { kind: 'ended', how: 'no answer', seconds: 0 }))
  await live(60)
  expect(owner.ended_).toMatchObject([{ outgoingId: id, result: 'rang out' }])
  expect(app.phone.calls).toHaveLength(1)
  expect(await exchanges(id)).toEqual([
    { did: 'asked the provider for a call', answered: 'no telling: ECONNRESET' },
    { did: 'searched the provider’s calls', answered: `found ${sid}: ringing` },
    { did: 'looked the call up at the provider', answered: `found ${sid}: ended, no answer` },
  ])
})

test('calls that are known to us are nobody’s lost call; two that may be ours decide nothing', async () => {
  const { app, ring, live, row, exchanges } = await linesWorld()
  const first = await ring({ purpose: 'test' })
  await live(1)
  const known = app.phone.calls[0]!.sid
  app.phone.known.set(known, seen(known, { kind: 'ended', how: 'busy', seconds: 0 }))
  await live(60)
  expect(await row(first)).toMatchObject({ result: 'busy' })

  app.phone.answer = () => ({ kind: 'unknown', reason: 'ECONNRESET' })
  const second = await ring()
  await live(16)
  expect(await row(second)).toMatchObject({ state: 'unknown', provider_sid: null })
  for (const sid of ['CA8', 'CA9']) app.phone.known.set(sid, seen(sid, { kind: 'ringing' }))
  await live(16)
  expect(await row(second)).toMatchObject({ state: 'unknown', provider_sid: null })
  expect((await exchanges(second)).at(-1)).toEqual({
    did: 'searched the provider’s calls',
    answered: 'found 2 that may be ours, and waited',
  })
  app.phone.known.delete('CA8')
  await live(16)
  expect(await row(second)).toMatchObject({ state: 'ringing', provider_sid: 'CA9' })
})

test('while the provider cannot be asked nothing is decided, and nothing waits for ever', async () => {
  const { app, ring, live, owner, row } = await linesWorld()
  app.phone.answer = () => ({ kind: 'unknown', reason: 'HTTP 500' })
  app.phone.findCalls = async () => {
    throw new OutsideTrouble('HTTP 503', true)
  }
  const id = await ring()
  await live(150)
  expect(await row(id)).toMatchObject({ state: 'unknown' })
  expect(owner.ended_).toEqual([])
  await live(30)
  expect(owner.ended_).toMatchObject([{ outgoingId: id, result: 'not placed' }])
})

test('callbacks that never come: every call is looked up and ends as the provider has it', async () => {
  const { app, ring, live, hook, owner, row } = await linesWorld()
  const ends: [LineState & { kind: 'ended' }, string][] = [
    [{ kind: 'ended', how: 'no answer', seconds: 0 }, 'rang out'],
    [{ kind: 'ended', how: 'busy', seconds: 0 }, 'busy'],
    [{ kind: 'ended', how: 'failed', seconds: 0 }, 'not placed'],
    [{ kind: 'ended', how: 'completed', seconds: 9 }, 'answered without a key'],
  ]
  for (const [state, result] of ends) {
    const id = await ring()
    await live(1)
    const { sid } = app.phone.calls.at(-1)!
    if (state.how === 'completed') await hook('voice', id, { kind: 'answered', sid })
    app.phone.known.set(sid, seen(sid, state))
    await live(70)
    expect(await row(id)).toMatchObject({ state: 'ended', result })
  }
  expect(owner.ended_.map(({ result }) => result)).toEqual(ends.map(([, result]) => result))
})

test('a machine answers: the call is put down at once, and ends as voicemail', async () => {
  const { app, ring, live, settle, hook, row } = await linesWorld()
  const id = await ring()
  await live(2)
  const { sid } = app.phone.calls[0]!
  await hook('voice', id, { kind: 'answered', sid })
  await hook('machine', id, { kind: 'machine', sid, verdict: 'machine' })
  app.phone.known.set(sid, seen(sid, { kind: 'ended', how: 'completed', seconds: 4 }))
  await settle()
  expect(app.phone.hungUp).toEqual([sid])
  expect(await row(id)).toMatchObject({ state: 'ended', result: 'voicemail', machine: 'machine' })
})

test('hanging up that fails is tried again', async () => {
  const { app, ring, live, hook } = await linesWorld()
  const id = await ring()
  await live(2)
  const { sid } = app.phone.calls[0]!
  await hook('voice', id, { kind: 'answered', sid })
  await hook('machine', id, { kind: 'machine', sid, verdict: 'machine' })
  const hangUp = app.phone.hangUp
  app.phone.hangUp = async () => {
    throw new OutsideTrouble('HTTP 500', true)
  }
  await live(1)
  expect(app.phone.hungUp).toEqual([])
  app.phone.hangUp = hangUp
  app.phone.known.set(sid, seen(sid, { kind: 'in progress' }))
  await live(60)
  expect(app.phone.hungUp.length).toBeGreaterThan(0)
})

test('a text that nobody reports on counts as sent; one whose answer was lost as not placed', async () => {
  const { app, text, live, owner, hook } = await linesWorld()
  const sent = await text()
  await live(1)
  app.phone.answer = () => ({ kind: 'unknown', reason: 'ECONNRESET' })
  const lost = await text()
  const reported = await text()
  await live(20)
  await hook('text-status', reported, { kind: 'text state', sid: 'SM9', state: 'delivered', code: null })
  await live(120)
  expect(owner.ended_.map(({ outgoingId, result }) => [outgoingId, result])).toEqual([
    [reported, 'delivered'],
    [lost, 'not placed'],
    [sent, 'sent'],
  ])
})

test('two workers never find out about one row at once, and a row lost with its worker is due again', async () => {
  const { app, ring, live, rows } = await linesWorld()
  app.phone.answer = () => ({ kind: 'unknown', reason: 'ECONNRESET' })
  let searches = 0
  app.phone.findCalls = async () => {
    searches++
    return []
  }
  await app.db.everywhere(({ sql }) => sql.updateTable('line').set({ calls_per_second: 1000 }).execute())
  for (let place = 0; place < 10; place++) await ring({ to: `+44163296020${place}` })
  await live(0.5)
  app.pass(20)
  const workers = [0, 1, 2].map(() => lineActors(app, { inFlight: 5 })[0]!)
  const taken = await Promise.all(workers.map((worker) => worker.runDue(app.clock.now())))
  await Promise.all(workers.map((worker) => worker.finish!()))
  // and one of them asks, once, whether the line that answers nothing is there
  expect(taken.reduce((sum, count) => sum + count)).toBe(11)
  expect(searches).toBe(10)
  for (const row of await rows()) expect(row).toMatchObject({ state: 'unknown', wake_at: at(35.5) })
})
