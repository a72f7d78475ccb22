// Clients that are slow, silent or very many, on real sockets; what is waited for is what the server does, never a time.
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Listening, listen, type Patience, usualPatience } from './server.ts'

async function serverWith(patience: Partial<Patience>): Promise<Listening> {
  const server = await listen('127.0.0.1', 0, { ...usualPatience, ...patience })
  server.answerWith(async (request) =>
    request.method === 'POST' ? new Response(`heard ${(await request.text()).length}`) : new Response('here'),
  )
  onTestFinished(() => server.close())
  return server
}

interface Client {
  socket: Socket
  /** what has come until the server closed */
  whole: Promise<string>
  /** resolves when this has come */
  hears(words: string): Promise<void>
}

async function client({ port }: Listening, says = ''): Promise<Client> {
  const socket = connect(port, '127.0.0.1')
  let came = ''
  const waiting = new Set<() => void>()
  socket.setEncoding('utf8').on('data', (text: string) => {
    came += text
    for (const look of waiting) look()
  })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  const whole = new Promise<string>((done) => socket.once('close', () => done(came)))
  await new Promise((done) => socket.once('connect', done))
  if (says !== '') socket.write(says)
  return {
    socket,
    whole,
    hears: (words) =>
      new Promise((done) => {
        const look = () => {
          if (!came.includes(words)) return
          waiting.delete(look)
          done()
        }
        waiting.add(look)
        look()
      }),
  }
}

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const halfOfAForm = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\na=1'

test('until it can answer it says that it is starting', async () => {
  const server = await listen('127.0.0.1', 0)
  onTestFinished(() => server.close())
  const answer = await fetch(`http://127.0.0.1:${server.port}/`)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([503, 'no-store'])
})

test('headers that never end are answered with 408 and hung up', async () => {
  const server = await serverWith({ headersMs: 50, requestMs: 100 })
  const slow = await client(server, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
  expect(await slow.whole).toMatch(/^HTTP\/1\.1 408 /)
})

test('a body that never ends is hung up', async () => {
  const server = await serverWith({ headersMs: 50, requestMs: 100 })
  const slow = await client(server, halfOfAForm)
  expect(await slow.whole).not.toContain('heard')
})

test('a connection that is kept and not used is hung up', async () => {
  const server = await serverWith({ keepAliveMs: 50 })
  const idle = await client(server, get)
  expect(await idle.whole).toMatch(/^HTTP\/1\.1 200 /)
})

test('headers that are larger than anybody sends are refused', async () => {
  const server = await serverWith({})
  const large = await client(server, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
  expect(await large.whole).toMatch(/^HTTP\/1\.1 431 /)
})

test('silence fills no server: whoever comes next gets in, and the longest silent goes', async () => {
  const server = await serverWith({ connections: 20 })
  const silent: Client[] = []
  for (let count = 0; count < 10; count++) silent.push(await client(server))
  for (let count = 0; count < 10; count++) silent.push(await client(server, halfOfAForm))
  for (let count = 0; count < 5; count++) {
    const next = await client(server, get)
    await next.hears('200 OK')
  }
  expect(await Promise.all(silent.slice(0, 5).map(({ whole }) => whole))).toEqual(['', '', '', '', ''])
  // the others are still there
  expect(silent.slice(5).every(({ socket }) => !socket.destroyed)).toBe(true)
})

test('what is being answered is never hung up to make room', async () => {
  const server = await listen('127.0.0.1', 0, { ...usualPatience, connections: 3 })
  onTestFinished(() => server.close())
  const asked: (() => void)[] = []
  server.answerWith(async () => {
    await new Promise<void>((done) => asked.push(done))
    return new Response('at last')
  })
  const waiting = [await client(server, get), await client(server, get), await client(server, get)]
  while (asked.length < 3) await new Promise((done) => setImmediate(done))
  for (let count = 0; count < 5; count++) await client(server)
  for (const done of asked) done()
  for (const each of waiting) await each.hears('at last')
})

test('drained, it answers what it was asked, ends what never ends, and takes nothing more', async () => {
  const server = await listen('127.0.0.1', 0)
  onTestFinished(() => server.close())
  const slow = Promise.withResolvers<Response>()
  const asked = Promise.withResolvers<void>()
  server.answerWith((request) => {
    if (request.url.endsWith('/events'))
      return new Response(
        new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('data: 1\n\n')) }),
        {
          headers: { 'Content-Type': 'text/event-stream' },
        },
      )
    asked.resolve()
    return slow.promise
  })
  const events = await client(server, get.replace('/', '/events'))
  await events.hears('data: 1')
  const answer = fetch(`http://127.0.0.1:${server.port}/slow`)
  await asked.promise
  const drained = server.drain()
  await events.whole
  await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow()
  slow.resolve(new Response('acknowledged'))
  expect(await (await answer).text()).toBe('acknowledged')
  await drained
})
