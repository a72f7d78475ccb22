// Outside / server: listens for HTTP before the application behind it is built, so that a port in use is noticed at once and
// a port chosen by the system is known. Used by main.ts and by rehearsals.
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { StartRefusal } from '../kit/refusal.ts'

export interface Listening {
  readonly port: number
  /** From now on answer with this. Before, every request gets 503. */
  answerWith(fetch: (request: Request, env: unknown) => Response | Promise<Response>): void
  /** Stop taking requests, end the open ones. */
  close(): Promise<void>
}

/** @throws StartRefusal when the port is in use or not allowed */
export async function listen(host: string, port: number): Promise<Listening> {
  let answer = (_request: Request, _env: unknown): Response | Promise<Response> =>
    new Response('CallAssist is starting. Please try again in a moment.', {
      status: 503,
      headers: { 'Retry-After': '2' },
    })
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: (request, env) => answer(request, env), hostname: host, port }, () =>
      resolve(starting),
    )
    starting.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)))
  })
  return {
    port: (server.address() as AddressInfo).port,
    answerWith(fetch) {
      answer = fetch
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // event streams and kept-alive connections would hold the process for ever
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
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
