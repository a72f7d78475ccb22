// Test / drills / nodes: real processes of CallAssist behind one address, as a reverse proxy keeps them, with the telephone company and the
// mail beside them in this process. Real time passes here: a process that is replaced while calls run cannot be rehearsed on a clock.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { createExchange, type Exchange, estimatedVoice } from '../../src/exchange/exchange.ts'
import { silentLog } from '../../src/kit/log.ts'
import { movableClock } from '../../src/outside/clock.ts'
import { openMailRoom } from '../../src/outside/mail/room.ts'
import { localBell } from '../../src/queue/bell.ts'
import { startLoop } from '../../src/queue/loop.ts'

const account = { sid: `AC${'0'.repeat(31)}3`, authToken: 'the-exchange-of-a-drill-on-this-machine' }

export interface Node {
  /** what it logged as an error */
  readonly errors: string[]
  /** By SIGTERM, as a supervisor stops it. @returns its exit code */
  stop(): Promise<number | null>
}

export interface Town {
  readonly exchange: Exchange
  /** Start a process of this build, or of another one. The proxy knows of it from the beginning, as one does whose ports are fixed. */
  start(main: string): Promise<Node>
  /** Requests that one process did not answer, and that went to the next: nobody there, still starting, cut off; or to none. */
  readonly passedOn: { refused: number; starting: number; cutOff: number; lost: number }
}

export interface TownWanted {
  connectionString: string
  /** what each number does when it rings */
  phones: NonNullable<Parameters<typeof createExchange>[0]['phones']>
  callsPerSecond: number
}

/** Gone when the test is over. */
export async function town({ connectionString, phones, callsPerSecond }: TownWanted): Promise<Town> {
  const folder = await mkdtemp(join(tmpdir(), 'callassist-town-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const clock = movableClock()
  const mailRoom = await openMailRoom({ clock, log: silentLog })
  onTestFinished(() => mailRoom.close())
  const proxy = await reverseProxy()
  const publicUrl = `http://127.0.0.1:${proxy.port}`
  const line = {
    name: 'main',
    number: '+441632960001',
    callsPerSecond,
    textsPerSecond: 1,
    concurrentCalls: 50,
  }
  const exchange = createExchange({
    clock,
    log: silentLog,
    account,
    lines: [line],
    seed: 1,
    voice: estimatedVoice(),
    phones,
    default: 'no-answer',
  })
  const doors = await exchange.openDoors()
  const bell = localBell()
  const loop = startLoop({ clock, bell, log: silentLog }, [doors.actor, exchange.actor])
  exchange.onSooner(() => bell.ring({ work: true }))
  onTestFinished(async () => {
    await loop.stop()
    await doors.close()
    await exchange.close()
  })

  async function start(main: string): Promise<Node> {
    const port = await freePort()
    proxy.nodes.push(port)
    const child = spawn(process.execPath, [main], {
      env: {
        ROLE: 'worker',
        PORT: String(port),
        HOST: '127.0.0.1',
        LOG: 'stderr',
        PUBLIC_URL: publicUrl,
        DATABASE_URL: connectionString,
        DATA_DIR: folder,
        SECRET: 'for-tests-only '.repeat(3),
        TWILIO_ACCOUNT_SID: account.sid,
        TWILIO_AUTH_TOKEN: account.authToken,
        TWILIO_API_URL: doors.urlOf('main'),
        SMTP_URL: mailRoom.smtpUrl,
        LINE_NUMBER: line.number,
        LINE_CALLS_PER_SECOND: String(callsPerSecond),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const ended = once(child, 'exit') as Promise<[number | null]>
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await ended
    })
    return {
      errors: await started(child),
      async stop() {
        child.kill('SIGTERM')
        const [code] = await ended
        proxy.nodes.splice(proxy.nodes.indexOf(port), 1)
        return code
      },
    }
  }

  return { exchange, start, passedOn: proxy.passedOn }
}

/** Reads its log until it says that it has started. @throws with its last words when it ends before */
function started(child: ChildProcess): Promise<string[]> {
  const errors: string[] = []
  return new Promise((done, failed) => {
    const words: string[] = []
    createInterface({ input: child.stderr! }).on('line', (text) => {
      words.push(text)
      if (!text.startsWith('{')) return
      const line = JSON.parse(text) as { level: string; what: string }
      if (line.level === 'error') errors.push(text)
      if (line.what === 'started') done(errors)
    })
    child.once('exit', () => failed(new Error(`a process ended before it had started: ${words.join('\n')}`)))
  })
}

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** To each in turn; one that refuses a connection, or says that it is only starting (503), is passed over. */
async function reverseProxy() {
  const nodes: number[] = []
  const passedOn = { refused: 0, starting: 0, cutOff: 0, lost: 0 }
  let turn = 0
  const server = createServer(async (incoming, outgoing) => {
    const body = await bytesOf(incoming)
    const from = turn++
    const order = nodes.map((_, at) => nodes[(from + at) % nodes.length]!)
    for (const port of order) {
      try {
        if (await forward(incoming, body, port, outgoing)) return
        passedOn.starting++
      } catch (error) {
        if ((error as { code?: string }).code === 'ECONNREFUSED') passedOn.refused++
        else passedOn.cutOff++
      }
    }
    passedOn.lost++
    outgoing.writeHead(502).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, nodes, passedOn }
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** @returns false when the process only starts; then nothing was answered yet */
function forward(
  incoming: IncomingMessage,
  body: Buffer,
  port: number,
  outgoing: ServerResponse,
): Promise<boolean> {
  return new Promise((done, failed) => {
    const { method, url: path, headers } = incoming
    const asked = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false },
      async (answer) => {
        try {
          const answered = await bytesOf(answer)
          if (answer.statusCode !== 503) outgoing.writeHead(answer.statusCode!, answer.headers).end(answered)
          done(answer.statusCode !== 503)
        } catch (error) {
          failed(error)
        }
      },
    )
    asked.once('error', failed)
    asked.end(body)
  })
}

/** Looks again and again. @throws when it does not become true within a minute, which nothing here takes */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 1200; looks++) {
    if (await isTrue()) return
    await delay(50)
  }
  throw new Error(`waited in vain: ${what}`)
}
