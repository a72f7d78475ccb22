// Outside / server: listens for HTTP before the application behind it is built, so that a port in use is noticed at once and
// a port chosen by the system is known. Whoever is slow, or holds connections and says nothing, is let go. Used by process.ts, by the
// exchange's doors and by rehearsals.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type ServerType, serve } from '@hono/node-server'
import { StartRefusal } from '../kit/refusal.ts'

export interface Listening {
  readonly port: number
  /** From now on answer with this. Before, every request gets 503. */
  answerWith(fetch: (request: Request, env: unknown) => Response | Promise<Response>): void
  /** Take no more requests, and answer those that are there: for a stop that nobody at the other end notices. */
  drain(): Promise<void>
  /** Stop taking requests, end the open ones. */
  close(): Promise<void>
}

/** An answer takes milliseconds; somebody slow who sends a recording is not waited for. */
const drainsForMs = 3000

/** What one client may make us wait for, in milliseconds, and how many may be connected. */
export interface Patience {
  /** until the headers of a request are there */
  headersMs: number
  /** until the whole request is there: a recording over a slow line takes minutes */
  requestMs: number
  /** for the next request on a kept connection; longer than proxies keep theirs, so that it is they who close them */
  keepAliveMs: number
  /** Beyond so many connections, for each new one the longest silent is closed. One whose request is being answered never is. */
  connections: number
}

export const usualPatience: Patience = {
  headersMs: 20_000,
  requestMs: 300_000,
  keepAliveMs: 75_000,
  connections: 2000,
}
/** A request of a browser or of the provider has about twenty. */
const headersAtMost = 100
const checkEveryMs = 5000

/** @throws StartRefusal when the port is in use or not allowed */
export async function listen(host: string, port: number, patience = usualPatience): Promise<Listening> {
  let answer = (_request: Request, _env: unknown): Response | Promise<Response> =>
    new Response('CallAssist is starting. Please try again in a moment.', {
      status: 503,
      headers: { 'Retry-After': '2', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' },
    })
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve(
      {
        fetch: (request, env) => answer(request, env),
        hostname: host,
        port,
        createServer,
        serverOptions: {
          headersTimeout: patience.headersMs,
          requestTimeout: patience.requestMs,
          keepAliveTimeout: patience.keepAliveMs,
          connectionsCheckingInterval: Math.min(checkEveryMs, patience.headersMs),
        },
      },
      () => resolve(starting),
    )
    starting.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)))
  })
  const http = server as Server
  http.maxHeadersCount = headersAtMost
  keepRoom(http, patience.connections)
  const drain = drainer(http)
  return {
    port: (http.address() as AddressInfo).port,
    answerWith(fetch) {
      answer = fetch
    },
    drain,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        // event streams and kept-alive connections would hold the process for ever
        http.closeAllConnections()
      }),
  }
}

function drainer(server: Server): () => Promise<void> {
  const answering = new Set<ServerResponse>()
  server.on('request', (_request, response: ServerResponse) => {
    answering.add(response)
    response.once('close', () => answering.delete(response))
  })
  // begun and not ended: a page's stream of events, which never ends by itself
  const isEndless = (response: ServerResponse) => response.headersSent && !response.writableEnded
  return async () => {
    server.close()
    for (const response of answering) if (isEndless(response)) response.destroy()
    const answered = [...answering].map((response) => once(response, 'close'))
    const late = new AbortController()
    await Promise.race([
      Promise.all(answered),
      delay(drainsForMs, null, { signal: late.signal }).catch(() => {}),
    ])
    late.abort()
    server.closeIdleConnections()
  }
}

/**
 * Whoever comes next gets in: among `most` connections the one that has said nothing for longest gives way, be it kept open, without a
 * request or half through one. So nobody can fill the server with silence and shut the provider's webhooks out.
 */
function keepRoom(server: Server, most: number): void {
  /** what each connection was last asked, the longest silent first */
  const open = new Map<Socket, IncomingMessage | null>()
  const heard = (socket: Socket, request: IncomingMessage | null) => {
    open.delete(socket)
    open.set(socket, request)
  }
  server.on('connection', (socket: Socket) => {
    heard(socket, null)
    socket.once('close', () => open.delete(socket))
    if (open.size <= most) return
    for (const [other, request] of open) {
      if (other === socket || request?.complete) continue
      open.delete(other)
      other.destroy()
      return
    }
  })
  server.prependListener('request', (request, response) => {
    heard(request.socket, request)
    response.once('close', () => {
      if (open.has(request.socket)) heard(request.socket, null)
    })
  })
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new StartRefusal(
      `Port ${port} is in use, perhaps by another CallAssist: stop that, or choose another with PORT=${port + 1} npm start.`,
    )
  if (error.code === 'EACCES')
    return new StartRefusal(
      `This account may not use port ${port}: choose one above 1023 with PORT=3000 npm start.`,
    )
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartRefusal(`This machine has no address ${host}: correct HOST.`)
  return error
}
