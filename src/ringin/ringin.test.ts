// Ringing in on a real PostgreSQL, webhook by webhook as the provider sends them.
import { describe, expect, test } from 'vitest'
import { addService } from '../../test/support/app.ts'
import { heardIn } from '../../test/support/calls.ts'
import { adasNumber, ringInWorld } from '../../test/support/ringin.ts'
import { acceptAlert } from '../alerts/alerts.ts'
import { spoken as spokenInCalls } from '../messages/messages.ts'
import { digitsOf, makeCode } from '../recorder/recorder.ts'
import { spoken } from './words.ts'

const ben = { name: 'Ben', phone: '+447700900201', email: 'ben@example.org' }
const cara = { name: 'Cara', phone: '+441632960202', email: 'cara@example.org' }
const dan = { name: 'Dan', phone: '+441632960203', email: null }
const withMessage = { message: { say: 'Time for your walk.' } }

describe('the receiver', () => {
  test('half an hour early: hears the message, and any key checks in, so that it does not ring', async () => {
    const { act, app, call, outgoing, plan, ring, rows } = await ringInWorld(withMessage)
    const id = await plan('2026-11-24T09:30:00Z')
    app.at('2026-11-24T09:00:00Z')
    const ada = await ring()
    expect(ada.heard).toEqual([
      spoken.hello('Ada'),
      spoken.isSoon('today at half past nine in the morning'),
      'Time for your walk.',
      spoken.checkIn('check-in'),
      spoken.help('9'),
      spoken.more('0'),
      spoken.again(),
    ])
    expect((await ada.keys('5'))[0]).toBe(spoken.checkedIn('check-in', 'Ada'))
    expect(await ada.keys('')).toEqual([spoken.goodbye()])
    await ada.hangsUp()
    app.at('2026-11-24T09:30:00Z')
    await act()
    expect(await call(id)).toMatchObject({ outcome: 'acknowledged', attempts: [], acknowledgedBy: null })
    expect(await outgoing('call')).toEqual([])
    expect(await rows('incoming')).toMatchObject([
      { done: [{ did: 'checked in', dueAt: ['2026-11-24T09:30:00.000Z'] }], wake_at: null, said: null },
    ])
  })

  test('more than two hours early there is nothing to check in for', async () => {
    const { call, plan, ring } = await ringInWorld()
    const id = await plan('2026-11-24T10:00:01Z')
    const ada = await ring()
    expect(ada.heard).toContain(spoken.nothingToDo("today at ten o'clock in the morning"))
    expect((await ada.keys('5'))[0]).toBe(spoken.nothingHere())
    expect(await call(id)).toMatchObject({ state: 'waiting' })
  })

  test('a call that rings elsewhere is acknowledged and put down; the same webhook twice does it once', async () => {
    const { act, app, call, outgoing, plan, ring, rows } = await ringInWorld({
      ...withMessage,
      receiver: { phones: [adasNumber, '+441632960102'] },
    })
    const id = await plan('2026-11-24T09:30:00Z')
    app.at('2026-11-24T09:30:00Z')
    await act()
    const ada = await ring('+441632960102')
    expect(ada.heard.slice(0, 4)).toEqual([
      spoken.hello('Ada'),
      spoken.isTime(),
      'Time for your walk.',
      spoken.anyKey('check-in'),
    ])
    const said = await ada.keys('3')
    expect(said[0]).toBe(spoken.acknowledged('check-in', 'Ada'))
    expect(await ada.again()).toEqual(said)
    expect(await call(id)).toMatchObject({ outcome: 'acknowledged', attempts: [{ result: 'cancelled' }] })
    await act()
    expect(await outgoing('call')).toHaveLength(1)
    expect((await rows('incoming'))[0]).toMatchObject({ turn: 1, done: [{ did: 'acknowledged' }] })
  })

  test('after a miss: the all-clear', async () => {
    const { act, app, call, plan, ring, rows } = await ringInWorld({ attempts: 1, stakeholders: [ben] })
    const id = await plan('2026-11-24T09:30:00Z')
    app.at('2026-11-24T09:30:00Z')
    await act()
    app.at('2026-11-24T10:45:00Z')
    await act()
    await act()
    expect(await call(id)).toMatchObject({ outcome: 'not placed' })
    const ada = await ring()
    // too late for what it had to say
    expect(ada.heard.slice(1, 3)).toEqual([
      spoken.missed('today at half past nine in the morning'),
      spoken.anyKey('check-in'),
    ])
    await ada.keys('1')
    expect(await call(id)).toMatchObject({ acknowledgedAt: app.clock.now(), acknowledgedBy: null })
    expect(await rows('alert')).toMatchObject([{ state: 'closed', closed_how: 'all-clear' }])
  })

  test('help: an alert at once, with a call of its own; and a second cry while the first is in somebody’s hands is heard too', async () => {
    const { app, ring, rows } = await ringInWorld({ stakeholders: [ben] })
    const first = await ring()
    expect(await first.keys('9')).toEqual([spokenInCalls.helpComing('Ada')])
    expect(await rows('alert')).toMatchObject([{ reason: 'help requested', state: 'open' }])
    const again = await ring()
    await again.keys('9')
    expect(await rows('alert')).toHaveLength(1)
    await app.db.in(app.scope, ({ sql }) =>
      sql
        .updateTable('alert')
        .set({ state: 'accepted', accepted_by: '00000000-0000-7000-8000-00000000000b' })
        .execute(),
    )
    const third = await ring()
    await third.keys('9')
    expect(await rows('alert')).toMatchObject([{ state: 'accepted' }, { state: 'open' }])
  })

  test('the service’s own help key; then nine is a key like any other', async () => {
    const { ring, rows } = await ringInWorld({ helpKey: '0', stakeholders: [ben] })
    const ada = await ring()
    expect(ada.heard).toContain(spoken.help('0'))
    expect(ada.heard).toContain(spoken.more('#'))
    await ada.keys('9')
    expect(await rows('alert')).toEqual([])
    await ada.keys('0')
    expect(await rows('alert')).toHaveLength(1)
  })
})

describe('pausing and stopping', () => {
  test('with the PIN: paused for three days, and all are told but the receiver, each in one way', async () => {
    const world = await ringInWorld({ receiver: { pin: '4321' }, stakeholders: [ben, cara, dan] })
    const { app, outgoing, ring, rows } = world
    const ada = await ring()
    await ada.keys('0')
    expect(await ada.keys('2')).toEqual([spoken.howManyDays(60)])
    expect(ada.asks()).toBe('keys')
    await ada.keys('3')
    expect(await rows('pause')).toEqual([])
    const said = await ada.keys('4321')
    expect(said[0]).toContain('We will not ring you until Thursday the twenty-sixth of November')
    expect(ada.asks()).toBe('nothing')
    expect(await rows('pause')).toMatchObject([
      { from_date: '2026-11-24', to_date: '2026-11-26', created_by: world.service.receiverId },
    ])
    const news = await rows('news')
    expect(news.map((row) => row.channel).sort()).toEqual(['call', 'email', 'text'])
    const [text] = (await outgoing('news')).filter(({ body }) => body !== null)
    expect(text!.body).toContain(
      'Ada has rung us and paused the calls to Ada up to and with Thursday 26 November.',
    )
    expect(text!.body).toContain(`https://callassist.example.org/services/${world.service.serviceId}`)
    expect((await rows('email'))[0]).toMatchObject({ purpose: 'news', to_address: 'cara@example.org' })
    expect(await ada.again()).toEqual(said)
    expect(await rows('pause')).toHaveLength(1)
    expect(app.phone.calls).toEqual([])
  })

  test('a text that does not arrive is followed by an e-mail, and an e-mail is the last that is sure', async () => {
    const world = await ringInWorld({ receiver: { pin: '4321' }, stakeholders: [ben] })
    const { act, app, hook, outgoing, ring, rows } = world
    const ada = await ring()
    for (const typed of ['0', '1', '4321']) await ada.keys(typed)
    await act()
    const [text] = await outgoing('news')
    const { sid } = app.phone.texts[0]!
    await hook(`/00000000-0000-7000-8000-00000000000a/text-status/${text!.token}`, {
      kind: 'text state',
      sid,
      state: 'failed',
      code: '30003',
    })
    expect((await rows('news')).map(({ channel, result }) => [channel, result])).toEqual([
      ['text', 'not delivered'],
      ['email', null],
    ])
  })

  test('news by a call say it, and again at star', async () => {
    const world = await ringInWorld({ receiver: { pin: '4321' }, stakeholders: [dan] })
    const { act, app, hook, outgoing, ring } = world
    const ada = await ring()
    for (const typed of ['0', '1', '4321']) await ada.keys(typed)
    await act()
    const [call] = await outgoing('news')
    const { sid } = app.phone.calls[0]!
    const at = (kind: string, keys = '') =>
      `/00000000-0000-7000-8000-00000000000a/${kind}/${call!.token}${keys}`
    const said = heardIn(await hook(at('voice'), { kind: 'answered', sid }))
    expect(said.slice(0, 3)).toEqual([
      'Hello Dan. This is CallAssist, about Ada.',
      'Ada has rung us and paused the calls to Ada for today.',
      'Today we do not ring, and tell nobody when Ada does not answer.',
    ])
    expect(heardIn(await hook(at('keys', '?keys=0&silences=0'), { kind: 'keyed', sid, key: '*' }))).toEqual(
      said,
    )
  })

  test('a forged number alone stops nothing: it is rung back, and only two keys there stop the calls', async () => {
    const { act, app, endedAt, hook, outgoing, ring, rows } = await ringInWorld({ stakeholders: [ben] })
    const forger = await ring()
    await forger.keys('0')
    await forger.keys('3')
    await forger.keys('1')
    expect(await forger.keys('1')).toEqual([spoken.ringsBack()])
    expect(await endedAt()).toBeNull()
    await forger.hangsUp()
    app.pass(4)
    await act()
    const [back] = await outgoing('ring-back')
    expect(back).toMatchObject({ to_number: adasNumber, state: 'placed' })
    const sid = app.phone.calls[0]!.sid
    const at = (kind: string, keys = '') =>
      `/00000000-0000-7000-8000-00000000000a/${kind}/${back!.token}${keys}`
    await hook(at('voice'), { kind: 'answered', sid })
    await hook(at('keys', '?keys=0&silences=0'), { kind: 'keyed', sid, key: '1' })
    expect(await endedAt()).toBeNull()
    await hook(at('keys', '?keys=1&silences=0'), { kind: 'keyed', sid, key: '1' })
    expect(await endedAt()).toEqual(app.clock.now())
    expect(await rows('news')).toHaveLength(1)
    expect((await rows('incoming'))[0]!.done).toMatchObject([
      { did: 'asked to be rung back' },
      { did: 'confirmed', wish: { do: 'stop' } },
    ])
  })

  test('rung back and not confirmed: by key 2, by silence, by nobody. Nothing is changed', async () => {
    for (const how of ['2', 'silence', 'nobody']) {
      const { act, app, endedAt, hook, outgoing, ring, rows } = await ringInWorld({ stakeholders: [ben] })
      const ada = await ring()
      await ada.keys('0')
      await ada.keys('1')
      await ada.hangsUp()
      app.pass(4)
      await act()
      const [back] = await outgoing('ring-back')
      const sid = app.phone.calls[0]!.sid
      const at = (kind: string, keys = '') =>
        `/00000000-0000-7000-8000-00000000000a/${kind}/${back!.token}${keys}`
      if (how !== 'nobody') await hook(at('voice'), { kind: 'answered', sid })
      if (how === '2') await hook(at('keys', '?keys=0&silences=0'), { kind: 'keyed', sid, key: '2' })
      if (how === 'silence') await hook(at('keys', '?keys=0&silences=0'), { kind: 'silent', sid })
      const end = how === 'nobody' ? 'no answer' : 'completed'
      await hook(at('status'), {
        kind: 'state',
        sid,
        state: { kind: 'ended', how: end, seconds: 9 },
        sequence: 3,
        code: null,
      })
      expect(await rows('pause')).toEqual([])
      expect(await rows('news')).toEqual([])
      expect(await endedAt()).toBeNull()
      expect(await rows('ring_back')).toMatchObject([{ state: 'not confirmed', wake_at: null }])
    }
  })

  test('five wrong PINs, then none is taken for an hour, not the right one either', async () => {
    const { app, ring, rows } = await ringInWorld({ receiver: { pin: '4321' } })
    const tryPins = async (...pins: string[]) => {
      const ada = await ring()
      await ada.keys('0')
      await ada.keys('1')
      let heard: string[] = []
      for (const pin of pins) heard = await ada.keys(pin)
      return heard
    }
    expect((await tryPins('1111'))[0]).toBe(spoken.wrongPin())
    expect(await tryPins('1111', '2222', '3333')).toEqual([spoken.ringsBack()])
    await tryPins('4444')
    expect(await rows('wrong_pin')).toHaveLength(5)
    app.pass(60)
    const ada = await ring()
    await ada.keys('0')
    // no PIN is asked for any more; one ring-back is under way already
    expect(await ada.keys('1')).toEqual([spoken.cannotRingBack()])
    expect(await rows('pause')).toEqual([])
    app.pass(3600)
    expect((await tryPins('4321'))[0]).toContain('We will not ring you any more today.')
  })
})

test('every webhook twice, late and out of order: the same is done as when each comes once', async () => {
  const lived = async (isRough: boolean) => {
    const { app, call, hook, plan, ring, rows } = await ringInWorld({
      receiver: { pin: '4321' },
      stakeholders: [ben],
    })
    const id = await plan('2026-11-24T09:30:00Z')
    app.at('2026-11-24T09:00:00Z')
    const ada = await ring()
    const first = (await rows('incoming'))[0]!
    const { sid } = ada
    const old: (() => Promise<unknown>)[] = [
      () => hook('/main/ring-in', { kind: 'ring in', sid, from: adasNumber, to: '' }),
    ]
    for (const keys of ['5', '0', '2', '3', '4321']) {
      const { turn } = (await rows('incoming'))[0]!
      const tell = () =>
        hook(`/main/ring-in/${first.token}?turn=${turn}`, { kind: 'ring-in keys', sid, keys })
      if (isRough) await Promise.all([tell(), tell(), ...old.map((again) => again())])
      else await tell()
      old.push(tell)
    }
    await ada.hangsUp()
    if (isRough) {
      await ada.hangsUp()
      for (const again of old) await again()
      await hook(`/main/ring-in/${first.token}?turn=99`, { kind: 'ring-in keys', sid, keys: '9' })
    }
    const [incoming, ...others] = await rows('incoming')
    return {
      others,
      done: incoming!.done,
      turn: incoming!.turn,
      outcome: (await call(id)).outcome,
      pauses: (await rows('pause')).length,
      news: (await rows('news')).length,
      alerts: (await rows('alert')).length,
    }
  }
  const calm = await lived(false)
  expect(calm).toMatchObject({ others: [], turn: 5, outcome: 'acknowledged', pauses: 1, news: 1, alerts: 0 })
  expect(await lived(true)).toEqual(calm)
})

describe('who is it?', () => {
  test('a withheld number hears no name; number and PIN make it known and proved', async () => {
    const { ring, rows } = await ringInWorld({ receiver: { pin: '4321' } })
    const caller = await ring(null)
    expect(caller.heard.join(' ')).not.toContain('Ada')
    await caller.keys('2')
    await caller.keys('01632960101')
    expect((await caller.keys('9999'))[0]).toBe(spoken.noSuchNumber())
    await caller.keys('01632960999')
    expect((await caller.keys('4321'))[0]).toBe(spoken.noSuchNumber())
    await caller.keys('01632960101')
    expect(await caller.keys('4321')).toContain(spoken.hello('Ada'))
    await caller.keys('0')
    expect((await caller.keys('1'))[0]).toContain('We will not ring you any more today.')
    expect(await rows('pause')).toHaveLength(1)
  })

  test('a receiver of another organisation: the call moves there', async () => {
    const { app, ring, rows } = await ringInWorld()
    const other = await addService(app, {
      organisationId: '00000000-0000-7000-8000-0000000000cc',
      receiver: { name: 'Bert', phones: ['+441632960301'], pin: '8642' },
    })
    const caller = await ring(null)
    await caller.keys('2')
    await caller.keys('01632960301')
    expect(await caller.keys('8642')).toContain(spoken.hello('Bert'))
    expect(await rows('incoming')).toMatchObject([
      { organisation_id: other.scope.organisationId, service_id: other.serviceId },
    ])
  })

  test('one number, two receivers: a choice by name', async () => {
    const { app, ring } = await ringInWorld()
    await addService(app, { receiver: { name: 'Bert' } })
    const caller = await ring()
    expect(caller.heard).toContain(spoken.which(['Ada', 'Bert']))
    expect(await caller.keys('7')).toContain(spoken.notUnderstood())
    expect(await caller.keys('2')).toContain(spoken.hello('Bert'))
  })

  test('silence ends well, and so does a call whose end nobody tells us', async () => {
    const { act, app, ring, rows } = await ringInWorld()
    const caller = await ring()
    expect((await caller.keys(''))[0]).toBe(spoken.stillThere())
    expect(await caller.keys('')).toEqual([spoken.goodbye()])
    app.pass(601)
    await act()
    expect(await rows('incoming')).toMatchObject([{ wake_at: null, said: null, ended_at: app.clock.now() }])
    await caller.hangsUp()
    expect(await caller.again()).toEqual([])
  })

  test('what the provider did not sign is refused', async () => {
    const { app, hook, rows } = await ringInWorld()
    app.phone.isSigned = () => false
    await expect(
      hook('/main/ring-in', { kind: 'ring in', sid: 'CA1', from: adasNumber, to: '' }),
    ).rejects.toThrow()
    expect(await rows('incoming')).toEqual([])
  })
})

describe('whoever is told of alerts', () => {
  async function twoAlerts() {
    const world = await ringInWorld({ stakeholders: [ben], accessNotes: 'Key under the blue pot' })
    const { app } = world
    const bert = await addService(app, { receiver: { name: 'Bert', phones: ['+441632960301'] } })
    await app.db.in(bert.scope, ({ sql }) =>
      sql
        .insertInto('stakeholder')
        .values({
          organisation_id: bert.scope.organisationId,
          service_id: bert.serviceId,
          person_id: world.service.people.Ben!,
          roles: ['alert receiver'],
          step: 1,
          channels: ['call', 'text'],
        })
        .execute(),
    )
    for (const from of [adasNumber, '+441632960301']) {
      const caller = await world.ring(from)
      await caller.keys('9')
      await caller.hangsUp()
      app.pass(1)
    }
    return world
  }

  test('hears what is open, accepts one by one, hears how to get in, and says how it ended', async () => {
    const { outgoing, ring, rows } = await twoAlerts()
    const caller = await ring(ben.phone)
    expect(caller.heard.slice(0, 2)).toEqual([spoken.hello('Ben'), 'This is CallAssist, about Bert.'])
    expect(caller.heard).toContain(spoken.acceptOr(false))
    expect((await caller.keys('1'))[0]).toBe(spoken.accepted('Bert'))
    expect(await caller.keys('2')).toContain('This is CallAssist, about Ada.')
    expect((await caller.keys('1')).join(' ')).not.toContain('blue pot')
    // at the number that we know, should this one be forged
    const [aboutBert, aboutAda] = (await outgoing('news')).filter(({ to_number }) => to_number === ben.phone)
    expect(aboutBert!.body).toContain('You have told us by telephone that you will see to Bert.')
    expect(aboutAda!.body).toBe(
      'CallAssist: You have told us by telephone that you will see to Ada. How to get in: Key under the blue pot. If it was not you, ring us at once, on 01632 960001.',
    )
    expect(await caller.keys('1')).toEqual([spoken.fine('Ada')])
    expect(await rows('alert')).toMatchObject([
      { state: 'closed', closed_how: 'she is fine', accepted_over: 'call' },
      { state: 'accepted', accepted_over: 'call' },
    ])
    // rings in once more: only Bert is left, and is theirs
    const later = await ring(ben.phone)
    expect(later.heard).toContain(spoken.howDidItGo('Bert'))
    expect(await later.keys('1')).toEqual([spoken.fine('Bert')])
    const last = await ring(ben.phone)
    expect(last.heard.join(' ')).toContain('All is well: ')
    expect(await last.keys('')).toEqual([spoken.goodbye()])
  })

  test('where somebody was quicker, hears who', async () => {
    const { app, ring, rows, service } = await ringInWorld({ stakeholders: [ben, cara] })
    const ada = await ring()
    await ada.keys('9')
    const caller = await ring(ben.phone)
    const [alert] = await rows('alert')
    await app.db.in(service.scope, (tx) =>
      acceptAlert(app, tx, alert!.id as string, service.people.Cara!, 'page'),
    )
    expect(await caller.keys('1')).toContain(
      'Cara has already said, I will see to it. There is nothing that you need to do.',
    )
    expect((await rows('alert'))[0]).toMatchObject({ accepted_by: service.people.Cara })
  })
})

describe('a recorder with a code', () => {
  test('records for the receiver, whatever number they ring from; a wrong code is said kindly', async () => {
    const world = await ringInWorld({ stakeholders: [{ ...ben, roles: ['recorder'] }] })
    const { app, ring, rows, service } = world
    const code = await app.db.in(service.scope, (tx) =>
      makeCode(app, tx, {
        serviceId: service.serviceId,
        messageId: service.messageId,
        personId: service.people.Ben!,
        createdBy: service.people.Ben!,
      }),
    )
    const caller = await ring(null)
    await caller.keys('3')
    expect(caller.asks()).toBe('keys')
    expect((await caller.keys('000000'))[0]).toBe(spoken.wrongCode())
    const welcome = await caller.keys(digitsOf(app, code.id))
    expect(welcome.join(' ')).toContain('Ada')
    await caller.keys('1')
    expect(caller.asks()).toBe('recording')
    await caller.speaks('RE3', 4)
    await caller.hangsUp()
    const takes = await app.db.look(({ sql }) => sql.selectFrom('take').selectAll().execute())
    expect(takes).toMatchObject([{ service_id: service.serviceId, state: 'over' }])
    expect((await rows('incoming'))[0]!.done).toEqual([{ did: 'began to record' }])
  })
})

describe('anybody else', () => {
  test('a kind sentence, and a message that is fetched, kept and forgotten at the provider', async () => {
    const { act, app, ring, rows } = await ringInWorld()
    const caller = await ring('+447700900999')
    expect(caller.heard[0]).toBe(spoken.stranger())
    await caller.keys('1')
    expect(caller.asks()).toBe('recording')
    expect((await caller.keys(''))[0]).toBe(spoken.nothingHeard())
    expect(await caller.speaks('RE1', 12)).toEqual([spoken.keptMessage()])
    expect(await caller.again()).toEqual([spoken.keptMessage()])
    expect(await rows('left_message')).toMatchObject([
      { recording_sid: 'RE1', seconds: 12, recording_id: null },
    ])
    expect(await rows('email')).toMatchObject([
      { to_address: 'desk@example.org', subject: 'Somebody left a message by telephone' },
    ])
    await act()
    expect((await rows('left_message'))[0]).toMatchObject({ trouble: 'HTTP 404 for the recording' })
    app.phone.recordings.set('RE1', tone())
    app.pass(60)
    await act()
    expect((await rows('left_message'))[0]).toMatchObject({
      recording_id: expect.any(String),
      wake_at: null,
      trouble: null,
    })
    expect(app.phone.recordings.size).toBe(0)
  })

  test('who hangs up while speaking has spoken, also when the end is told first', async () => {
    const { ring, rows } = await ringInWorld()
    const caller = await ring(null)
    await caller.keys('1')
    await caller.hangsUp()
    await caller.speaks('RE2')
    expect(await rows('left_message')).toMatchObject([{ recording_sid: 'RE2' }])
  })
})

/** A second of a hum, as a WAV file of 8 kHz. */
function tone(): Uint8Array {
  const samples = 8000
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + samples * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(8000, 24)
  wav.writeUInt32LE(16000, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(samples * 2, 40)
  for (let i = 0; i < samples; i++) wav.writeInt16LE(Math.round(8000 * Math.sin(i / 5)), 44 + i * 2)
  return Uint8Array.from(wav)
}
