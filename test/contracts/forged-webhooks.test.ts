// Two thousand webhooks that the provider did not send, or sent before: altered, forged, misdirected, repeated. Each is refused or changes
// nothing. Made from genuine ones by a seed, checked by the real adapter, on a real PostgreSQL.
import { Hono } from 'hono'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { expect, test } from 'vitest'
import { type Seeded, seeded } from '../../src/kit/seeded.ts'
import { ensureLines, lineRoutes } from '../../src/lines/lines.ts'
import { type Phone, phonesBy } from '../../src/outside/phone/port.ts'
import { twilioPhone } from '../../src/outside/phone/twilio.ts'
import { type LinesWorld, lineId, linesWorld } from '../support/lines.ts'

const tokens = {
  first: 'the-primary-token-of-the-first-provider',
  second: 'and-another-one-of-the-second-one',
}
const host = 'https://callassist.example.org'

/** A request as it comes to us. */
interface Hook {
  path: string
  params: [name: string, value: string][]
  signature: string | null
}

const signed = (path: string, params: Hook['params'], token = tokens.first, at = host): Hook => ({
  path,
  params,
  signature: getExpectedTwilioSignature(token, at + path, Object.fromEntries(params)),
})

interface World extends LinesWorld {
  secondLine: string
  send(hook: Hook): Promise<number>
  /** Everything that a webhook could change. */
  state(): Promise<string>
  genuine: Hook[]
}

/** Six calls and two texts at different moments of their lives, and a second line at another provider. */
async function world(): Promise<World> {
  const heard: string[] = []
  const lines = await linesWorld({
    textListeners: [
      async (_app, text) => {
        heard.push(text.body)
        return null
      },
    ],
  })
  const { app, ring, text, live, row } = lines
  const real = (authToken: string): Phone => ({
    ...app.phone,
    ...webhooksOf(twilioPhone({ accountSid: `AC${'a'.repeat(32)}`, authToken })),
  })
  Object.assign(app, {
    config: { ...app.config, publicUrl: host },
    phones: phonesBy({ first: real(tokens.first), second: real(tokens.second) }),
  })
  const [main] = app.config.lines
  await ensureLines(app, [main, { ...main, name: 'second', number: '+441632960002', provider: 'second' }])
  const calls: string[] = []
  for (let place = 0; place < 6; place++) calls.push(await ring({ to: `+44163296010${place}` }))
  const texts = [await text({ to: '+447700900201' }), await text({ to: '+447700900202' })]
  await live(10)
  const routes = new Hono().route('/lines', lineRoutes(app))
  const genuine: Hook[] = []
  for (const [place, id] of calls.entries()) {
    const { token, provider_sid } = await row(id)
    genuine.push(...hooksOfCall(token, `${provider_sid}`, `+44163296010${place}`, String(place)))
  }
  for (const id of texts) {
    const { token, provider_sid } = await row(id)
    const about: Hook['params'] = [
      ['MessageSid', `${provider_sid}`],
      ['MessageStatus', 'sent'],
    ]
    genuine.push(signed(`/lines/${lineId}/text-status/${token}`, about))
  }
  genuine.push(
    signed(`/lines/${lineId}/text-in`, [
      ['MessageSid', `SM${'9'.repeat(32)}`],
      ['From', '+447700900201'],
      ['To', main.number],
      ['Body', 'OK'],
    ]),
  )
  const tables = ['outgoing', 'incoming', 'text_in', 'left_message'] as const
  return {
    ...lines,
    genuine,
    secondLine: await app.db.everywhere(async ({ sql }) => {
      const { id } = await sql
        .selectFrom('line')
        .select('id')
        .where('name', '=', 'second')
        .executeTakeFirstOrThrow()
      return id
    }),
    async send({ path, params, signature }) {
      const answer = await routes.request(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(signature !== null && { 'x-twilio-signature': signature }),
        },
        body: new URLSearchParams(params).toString(),
      })
      return answer.status
    },
    state: () =>
      app.db.everywhere(async ({ sql }) => {
        const rows: string[] = []
        for (const table of tables)
          for (const row of await sql.selectFrom(table).selectAll().execute()) rows.push(JSON.stringify(row))
        return JSON.stringify([rows.sort(), heard, lines.owner.ended_.length])
      }),
  }
}

const webhooksOf = ({ isSigned, read, render, reply, nothing, contentType }: Phone) => ({
  isSigned,
  read,
  render,
  reply,
  nothing,
  contentType,
})

/** What the provider sends in the life of one call. */
function hooksOfCall(token: string, sid: string, to: string, key: string): Hook[] {
  const about = (...more: Hook['params']): Hook['params'] => [
    ['CallSid', sid],
    ['From', '+441632960001'],
    ['To', to],
    ...more,
  ]
  const at = (kind: string) => `/lines/${lineId}/${kind}/${token}`
  const report = (status: string, sequence: number) =>
    signed(at('status'), about(['CallStatus', status], ['SequenceNumber', String(sequence)]))
  return [
    report('initiated', 0),
    report('ringing', 1),
    signed(at('voice'), about(['CallStatus', 'in-progress'])),
    report('in-progress', 2),
    signed(at('machine'), about(['AnsweredBy', 'human'])),
    signed(`${at('keys')}?keys=0&silences=0`, about(['Digits', key])),
    report('completed', 3),
    signed(at('fallback'), about(['ErrorCode', '11200'])),
  ]
}

type Forgery = (dice: Seeded, genuine: readonly Hook[], world: World) => Hook

const anyOf = (dice: Seeded, hooks: readonly Hook[]) => dice.pick(hooks)
const altered = (dice: Seeded, value: string): string =>
  dice.pick([`${value}1`, value.slice(1), value.replace(/.$/, (last) => (last === '9' ? '8' : '9')), '', '1'])

/** What somebody might try who does not know the token. */
const forgeries: Record<string, Forgery> = {
  'a value altered': (dice, genuine) => {
    const hook = anyOf(dice, genuine)
    const at = dice.int(0, hook.params.length - 1)
    return {
      ...hook,
      params: hook.params.map(([name, value], place) => [name, place === at ? altered(dice, value) : value]),
    }
  },
  'a name altered': (dice, genuine) => {
    const hook = anyOf(dice, genuine)
    const at = dice.int(0, hook.params.length - 1)
    return {
      ...hook,
      params: hook.params.map(([name, value], place) => [place === at ? altered(dice, name) : name, value]),
    }
  },
  'a parameter added': (dice, genuine) => {
    const hook = anyOf(dice, genuine)
    const more: Hook['params'][number] = [
      dice.pick(['Digits', 'CallStatus', 'AnsweredBy', 'x']),
      String(dice.int(0, 9)),
    ]
    return { ...hook, params: dice.shuffle([...hook.params, more]) }
  },
  'a parameter left out': (dice, genuine) => {
    const hook = anyOf(dice, genuine)
    const at = dice.int(0, hook.params.length - 1)
    return { ...hook, params: hook.params.filter((_, place) => place !== at) }
  },
  'two values changed round': (dice, genuine) => {
    const hook = anyOf(dice, genuine)
    const [a, b] = dice.shuffle(hook.params.map((_, place) => place))
    const swap = (place: number) => (place === a ? b! : place === b ? a! : place)
    return { ...hook, params: hook.params.map(([name], place) => [name, hook.params[swap(place)]![1]]) }
  },
  'another address: of another call, another kind, another line': (dice, genuine, { secondLine }) => {
    const hook = anyOf(dice, genuine)
    const other = anyOf(dice, genuine)
    return {
      ...hook,
      path: dice.pick([other.path, hook.path.replace(lineId, secondLine), `${hook.path}?keys=1`]),
    }
  },
  'another turn of the conversation': (dice, genuine) => {
    const hook = anyOf(
      dice,
      genuine.filter(({ path }) => path.includes('?keys=')),
    )
    return {
      ...hook,
      path: hook.path.replace(
        /\?.*/,
        dice.pick(['', '?keys=1&silences=0', '?silences=0&keys=0', '?keys=0&silences=1']),
      ),
    }
  },
  'no signature, or one of nonsense': (dice, genuine) => {
    const hook = anyOf(dice, genuine)
    const one = hook.signature!
    return {
      ...hook,
      signature: dice.pick([
        null,
        '',
        'signed',
        one.slice(1),
        `${one}=`,
        one.toLowerCase(),
        [...one].reverse().join(''),
      ]),
    }
  },
  'the signature of another request': (dice, genuine) => ({
    ...anyOf(dice, genuine),
    signature: anyOf(dice, genuine).signature,
  }),
  'signed with another token': (dice, genuine) => {
    const { path, params } = anyOf(dice, genuine)
    return signed(path, params, dice.pick([tokens.second, '', tokens.first.toUpperCase(), 'a'.repeat(32)]))
  },
  'signed for another address': (dice, genuine) => {
    const { path, params } = anyOf(dice, genuine)
    return signed(
      path,
      params,
      tokens.first,
      dice.pick([
        'http://callassist.example.org',
        'https://example.org',
        'https://callassist.example.org.example.com',
      ]),
    )
  },
}

/** The same to the provider's way of signing: order and repeats do not count, nor who sends it. */
const sameRequest = (a: Hook, b: Hook): boolean => {
  const text = ({ path, params, signature }: Hook) =>
    JSON.stringify([path, [...new Set(params.map((each) => JSON.stringify(each)))].sort(), signature])
  return text(a) === text(b)
}

test('whatever is altered or forged is refused, and changes nothing', { timeout: 120_000 }, async () => {
  const there = await world()
  const dice = seeded('forged webhooks')
  // half of the genuine ones have come already: there are calls to be spoilt at every moment of their lives
  for (const hook of there.genuine.filter((_, place) => place % 8 < place / 8))
    expect(await there.send(hook)).toBe(200)
  const before = await there.state()
  const exchanges = () =>
    there.app.db.everywhere(({ sql }) => sql.selectFrom('provider_exchange').select('id').execute())
  const written = (await exchanges()).length
  const kinds = Object.keys(forgeries)
  let refused = 0
  for (let tried = 0; refused < 1700; tried++) {
    const kind = kinds[tried % kinds.length]!
    const hook = forgeries[kind]!(dice, there.genuine, there)
    if (there.genuine.some((each) => sameRequest(each, hook))) continue
    expect(await there.send(hook), `${kind}: ${JSON.stringify(hook)}`).toBe(403)
    refused++
    if (refused % 100 === 0) expect(await there.state(), kind).toBe(before)
  }
  expect(await there.state()).toBe(before)
  // not even a word for the operators
  expect(await exchanges()).toHaveLength(written)
})

test('what has come before changes nothing when it comes again, in whatever order', {
  timeout: 120_000,
}, async () => {
  const there = await world()
  const dice = seeded('replayed webhooks')
  for (const hook of there.genuine) expect(await there.send(hook)).toBe(200)
  const before = await there.state()
  for (let tried = 0; tried < 300; tried++) {
    const hook = anyOf(dice, there.genuine)
    // the order of parameters is not signed
    expect(await there.send({ ...hook, params: dice.shuffle(hook.params) })).toBe(200)
    if (tried % 20 === 0) expect(await there.state(), hook.path).toBe(before)
  }
  expect(await there.state()).toBe(before)
})

test.each([
  ['an hour', 3600],
  ['a day', 86_400],
  ['a month', 30 * 86_400],
])('what is kept and sent again after %s changes nothing', async (_, seconds) => {
  const there = await world()
  for (const hook of there.genuine) expect(await there.send(hook)).toBe(200)
  there.app.pass(seconds)
  await there.live(10)
  const before = await there.state()
  for (const hook of there.genuine) expect(await there.send(hook)).toBe(200)
  expect(await there.state()).toBe(before)
})

test('a provider speaks of its own calls only: what another has signed for its line changes nothing', async () => {
  const there = await world()
  const before = await there.state()
  for (const { path, params } of there.genuine.filter((hook) => !hook.path.endsWith('text-in')))
    expect(await there.send(signed(path.replace(lineId, there.secondLine), params, tokens.second))).toBe(200)
  expect(await there.state()).toBe(before)
})
