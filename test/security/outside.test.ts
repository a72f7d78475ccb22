// What may be asked of the outside. Few files ask anything, and each is named here with whose address it asks. Where an address comes
// from somebody outside, more than a hundred ways of writing one of our own machine do not reach it: a canary listens there.
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { keepAliveTransport } from '../../src/exchange/transport.ts'
import { createWebhooks } from '../../src/exchange/webhooks.ts'
import { sayAlive } from '../../src/outside/dead-man.ts'
import { getFromElsewhere, isElsewhere, type Station } from '../../src/outside/elsewhere.ts'
import { twilioPhone } from '../../src/outside/phone/twilio.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** Everything in a server's code that asks another machine, and whose address it is. */
const askers: Record<string, string> = {
  'outside/dead-man.ts': 'a setting: DEAD_MAN_URL',
  'outside/elsewhere.ts': 'whoever told it, and so judged',
  'outside/phone/twilio.ts': 'a setting: TWILIO_API_URL, SECOND_API_URL',
  'exchange/transport.ts': 'the customer, on a laptop only; judged in exchange/webhooks.ts',
  'rehearsal/actions.ts': 'the rehearsal’s own pages',
}
const asks =
  /(?<![.\w])fetch\(|\bhttps?\.(?:request|get)\(|from '(?:node:)?(?:https?|net|tls|dgram|http2|undici|axios)'|\bconnect\(\s*\{/

test('nothing asks the outside but what is named here, with whose address it asks', async () => {
  const files = await readdir(src, { recursive: true })
  const found: string[] = []
  for (const file of files.filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))) {
    const path = relative(src, join(src, file))
    // islands run in the visitor's browser, under a policy of their own; a rig is a test's
    if (path.startsWith('web/islands/') || path === 'exchange/rig.ts') continue
    const text = await readFile(join(src, file), 'utf8')
    // listening, and telling whether a text is an address, ask nobody
    const bare = text.replaceAll(/import (?:type )?\{[^}]*\} from '(?:node:)?(?:http|net)'/g, (line) =>
      /\b(?:request|get|connect|Socket\(\)|createConnection)\b/.test(line) ? line : '',
    )
    if (asks.test(bare)) found.push(path)
  }
  expect(found.sort()).toEqual(Object.keys(askers).sort())
})

// ---------------------------------------------------------------------------------------------------------- the canary

let canary: Server
let port = 0
let reached: string[] = []

beforeAll(async () => {
  canary = createServer((request, response) => {
    reached.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
    response.end('the canary')
  })
  await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done))
  port = (canary.address() as AddressInfo).port
})
afterEach(() => {
  reached = []
})
afterAll(() => new Promise((done) => canary.close(done)))

/** Ways to write this machine, or one beside it, as a host. */
const hosts: readonly string[] = [
  // plain, and every class of address that is nobody's or ours
  ...[
    '127.0.0.1',
    '127.0.0.2',
    '127.1.2.3',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
  ],
  ...['172.16.0.1', '172.31.255.254', '192.168.0.1', '192.168.255.254', '169.254.169.254', '169.254.0.1'],
  ...[
    '100.64.0.1',
    '100.127.255.254',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.19.255.254',
    '198.51.100.1',
  ],
  ...['203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
  // decimal, octal, hexadecimal, mixed, short
  ...['2130706433', '017700000001', '0x7f000001', '0x7F.0x0.0x0.0x1', '0177.0.0.1', '0177.0000.0000.0001'],
  ...['127.1', '127.0.1', '0x7f.1', '0177.1', '0', '0x0', '00', '127.0.0.0x1', '0x7f.0.0.01', '2852039166'],
  ...[
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '3232235521',
    '0xc0a80001',
    '167772161',
    '0xa.0.0.1',
  ],
  // in other digits and dots, percent-encoded, with a dot at the end
  ...[
    '①②⑦.⓪.⓪.①',
    '１２７.０.０.１',
    '127。0。0。1',
    '127．0．0．1',
    '%31%32%37.0.0.1',
    '127.0.0.1.',
    '0x7f.1.',
    '127%2e0%2e0%2e1',
  ],
  // IPv6: this machine, mapped, compatible, translated, tunnelled, local, link-local, for many
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::]', '[::127.0.0.1]'],
  ...[
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:a9fe:a9fe]',
  ],
  ...[
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
  ],
  ...[
    '[2002:a9fe:a9fe::1]',
    '[2001::7f00:1]',
    '[2001:0:1::80ff:fffe]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd12:3456::1]',
  ],
  ...[
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[ff01::1]',
    '[100::1]',
    '[2001:db8::1]',
    '[2001:10::1]',
    '[3fff::1]',
    '[5f00::1]',
  ],
  // names: a test's own names service answers them
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'ip6-localhost',
    'me.localhost',
    'inside.example.org',
    'both.example.org',
  ],
  ...[
    'mapped.example.org',
    'metadata.example.org',
    'six.example.org',
    '127.0.0.1.example.org',
    'ｉnside.example.org',
  ],
]

const names: Record<string, readonly string[]> = {
  // one of them is good, the other is not
  'both.example.org': ['93.184.215.14', '127.0.0.1'],
  'mapped.example.org': ['::ffff:127.0.0.1'],
  'metadata.example.org': ['169.254.169.254'],
  'six.example.org': ['::1'],
  'public.example.org': ['93.184.215.14'],
}
const resolve = async (name: string): Promise<Station[]> =>
  (names[name] ?? ['127.0.0.1']).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** Addresses with each host, by both protocols, and what else may be wrong with one. */
function payloads(): string[] {
  const all = hosts.flatMap((host) => [
    `https://${host}/`,
    `https://${host}:${port}/`,
    `http://${host}:${port}/`,
  ])
  return [
    ...all,
    `https://public.example.org@127.0.0.1:${port}/`,
    `https://public.example.org:443@127.0.0.1/`,
    `https://user:password@public.example.org/`,
    `https://127.0.0.1:${port}#@public.example.org/`,
    `https://127.0.0.1:${port}/#public.example.org`,
    `https://127.0.0.1:${port}?public.example.org/`,
    `https://127.0.0.1:${port}\\@public.example.org/`,
    `https:127.0.0.1:${port}/`,
    `https:\\\\127.0.0.1:${port}\\`,
    `https:///127.0.0.1:${port}/`,
    `https://public.example.org:${port}/`,
    `http://public.example.org/`,
    `\thttps://127.0.0.1:${port}/`,
    `ht\ntps://127.0.0.1:${port}/`,
    'file:///etc/passwd',
    `gopher://127.0.0.1:${port}/_GET`,
    `ftp://127.0.0.1:${port}/`,
    'data:text/plain,canary',
    `ws://127.0.0.1:${port}/`,
  ]
}

const signal = () => AbortSignal.timeout(5000)

test('none of several hundred ways to write our own machine is asked', async () => {
  const all = payloads().filter((payload) => URL.canParse(payload))
  expect(all.length).toBeGreaterThan(250)
  const asked: string[] = []
  for (const payload of all) {
    const url = new URL(payload)
    const came = getFromElsewhere(url, { signal: signal(), bytes: 1000, resolve })
    await came.then(
      () => asked.push(payload),
      (error: Error) => {
        if (error.message !== 'an address that is not asked') asked.push(`${payload}: ${error.message}`)
      },
    )
  }
  expect(asked).toEqual([])
  expect(reached).toEqual([])
})

test.each([
  ['https://public.example.org/a.wav', '93.184.215.14', 4, true],
  ['https://public.example.org/a.wav', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', 6, true],
  ['http://public.example.org/a.wav', '93.184.215.14', 4, false],
  ['https://public.example.org:8443/a.wav', '93.184.215.14', 4, false],
] as const)('%s at %s may be asked: %s', (url, address, family, may) =>
  expect(isElsewhere(new URL(url), { address, family })).toBe(may),
)

/** As if the canary's machine belonged to the internet, and all else as it is. */
const asIfPublic = (url: URL, { address }: Station) => address === '127.0.0.1' && url.port === String(port)

test('each station of a redirect is judged by itself, and a circle ends', async () => {
  const leads: Record<string, string> = {
    '/inside': 'http://127.0.0.2/',
    '/twice': '/inside',
    '/circle': '/circle',
    '/well': '/here',
    '/nonsense': 'http://[',
    '/file': 'file:///etc/passwd',
  }
  canary.removeAllListeners('request')
  canary.on('request', (request, response) => {
    reached.push(String(request.url))
    const location = leads[request.url ?? '']
    if (location === undefined) return void response.end('the sound')
    response.writeHead(302, { location }).end()
  })
  const ask = (path: string) =>
    getFromElsewhere(new URL(`http://127.0.0.1:${port}${path}`), {
      signal: signal(),
      bytes: 1000,
      mayAsk: asIfPublic,
    })
  expect(Buffer.from(await ask('/well')).toString()).toBe('the sound')
  for (const path of ['/inside', '/twice', '/file']) await expect(ask(path)).rejects.toThrow('not asked')
  await expect(ask('/circle')).rejects.toThrow('too often')
  await expect(ask('/nonsense')).rejects.toThrow('302')
  const small = { signal: signal(), bytes: 3, mayAsk: asIfPublic }
  await expect(getFromElsewhere(new URL(`http://127.0.0.1:${port}/here`), small)).rejects.toThrow(
    'more than 3 bytes',
  )
})

test('a name is looked up once, and the connection goes to what was judged', async () => {
  let looks = 0
  const rebinding = async (): Promise<Station[]> => {
    looks++
    return [{ address: looks === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }]
  }
  const judged: string[] = []
  const bytes = await getFromElsewhere(new URL(`http://rebound.example.org:${port}/here`), {
    signal: signal(),
    bytes: 1000,
    resolve: rebinding,
    mayAsk: (_url, { address }) => judged.push(address) > 0,
  })
  expect([Buffer.from(bytes).toString(), looks, judged]).toEqual(['the sound', 1, ['127.0.0.1']])
})

// -------------------------------------------------------------------------------------------------- where it is used

/** A provider's API that answers each request with this. */
async function providerWith(answer: (url: string) => { status: number; location?: string }) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { status, location } = answer(String(request.url))
    response.writeHead(status, location === undefined ? {} : { location }).end('provider’s sound')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const phone = twilioPhone({ accountSid: `AC${'7'.repeat(32)}`, authToken: 'a-token', apiUrl })
  return { phone, asked, close: () => new Promise((done) => server.close(done)) }
}

test('the address of a recording is made from its name: what a webhook gives as RecordingUrl is never asked', async () => {
  const provider = await providerWith(() => ({ status: 200 }))
  const sid = `RE${'5'.repeat(32)}`
  for (const RecordingUrl of payloads()) {
    const params = new URLSearchParams({
      CallSid: `CA${'1'.repeat(32)}`,
      RecordingSid: sid,
      RecordingUrl,
      RecordingStatus: 'completed',
    })
    const event = provider.phone.read('recording', params)
    expect(JSON.stringify(event)).not.toContain('://')
  }
  expect(Buffer.from(await provider.phone.fetchRecording(sid)).toString()).toBe('provider’s sound')
  expect(provider.asked).toEqual([`GET /2010-04-01/Accounts/AC${'7'.repeat(32)}/Recordings/${sid}.wav`])
  expect(reached).toEqual([])
  // nor does a name lead out of the path
  for (const name of ['../../x', `RE/../${sid}`, `${sid}?a=b`, `${sid}#`, `RE@127.0.0.1:${port}/`])
    expect(
      provider.phone.read(
        'recording',
        new URLSearchParams({ CallSid: 'CA1', RecordingSid: name, RecordingStatus: 'completed' }),
      ),
    ).toBeNull()
  await provider.close()
})

test('a provider that sends us to our own machine for a recording sends us nowhere', async () => {
  let location = ''
  const provider = await providerWith(() => ({ status: 302, location }))
  for (location of [`http://127.0.0.1:${port}/here`, `https://[::1]:${port}/`, 'file:///etc/passwd'])
    await expect(provider.phone.fetchRecording(`RE${'5'.repeat(32)}`)).rejects.toThrow(
      'where the provider keeps it',
    )
  expect(reached).toEqual([])
  await provider.close()
})

test('the dead man’s switch does not follow anywhere', async () => {
  const server = createServer((_, response) =>
    response.writeHead(302, { location: `http://127.0.0.1:${port}/here` }).end(),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  expect(await sayAlive(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).toBe(false)
  expect(reached).toEqual([])
  await new Promise((done) => server.close(done))
})

test('the exchange asks its customer and nobody else, whatever it is told and wherever it is led', async () => {
  const asked: string[] = []
  const customer = createServer((request, response) => {
    asked.push(String(request.url))
    if (request.url === '/away')
      return void response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end()
    response.end('<Response/>')
  })
  await new Promise<void>((done) => customer.listen(0, '127.0.0.1', done))
  const home = `http://127.0.0.1:${(customer.address() as AddressInfo).port}`
  const transport = keepAliveTransport()
  const { deliver } = createWebhooks({ authToken: 'a-token' }, transport, () => 'token', home)
  const answerOf = async (url: string) => (await deliver({ url, method: 'POST', params: {} })).status
  expect(await answerOf(`${home}/lines/main/voice#rc=0`)).toBe(200)
  expect(await answerOf(`${home}/away#rc=0`)).toBeNull()
  for (const payload of payloads()) expect([payload, await answerOf(payload)]).toEqual([payload, null])
  expect(asked).toEqual(['/lines/main/voice', '/away'])
  expect(reached).toEqual([])
  transport.close()
  await new Promise((done) => customer.close(done))
})
