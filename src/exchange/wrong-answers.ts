// Exchange / wrong answers: what the provider's REST API does wrong while a fault is on: is not there, refuses, breaks before anything is
// done, or does what it was asked and its answer is lost (telephony.md §5.6). Called by rest.ts around every request.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Context, Next } from 'hono'
import type { FaultOf } from './faults.ts'
import { type Line, lineOf, type Network } from './network.ts'
import { moreInfo } from './represent.ts'

/** @param own the line that this provider alone has; null: the request says which */
export async function answerWrongly(
  network: Network,
  own: Line | null,
  context: Context,
  next: Next,
): Promise<Response | undefined> {
  const { faults } = network
  const at = network.clock.now().getTime()
  const line = own?.name ?? (await lineAsked(network, context))
  // who came before the door was shut
  if (faults.strikes('down', line, at)) return breakOff(context)
  if (faults.strikes('429', line, at)) return failure(429, 20429, 'Too many requests')
  const broken = faults.strikes('errors', line, at)
  if (broken) return failure(broken.status, broken.code ?? codeOf(broken.status), 'Internal error')
  await next()
  if (context.req.method !== 'POST' || context.res.status >= 400) return undefined
  const lost = faults.strikes('lost response', line, at)
  // what stands in `res` is put aside: an answer given to hono here would only be laid over it
  if (lost) context.res = await loseAnswer(context, lost)
  return undefined
}

/** By the number that is asked for or asked about; a request that names none belongs to the first line. */
async function lineAsked(network: Network, context: Context): Promise<string> {
  const first = network.lines[0]!.name
  if (network.lines.length === 1) return first
  const form = context.req.method === 'POST' ? new URLSearchParams(await context.req.text()) : null
  const number = form?.get('From') ?? context.req.query('From')
  const named = number ? lineOf(network, number)?.name : undefined
  const sid = /[A-Z]{2}[0-9a-f]{32}(?=[^/]*$)/.exec(context.req.path)?.[0] ?? ''
  return named ?? network.calls.get(sid)?.lineName ?? network.texts.get(sid)?.lineName ?? first
}

async function loseAnswer(context: Context, { how }: FaultOf<'lost response'>): Promise<Response> {
  if (how === '500') return failure(500, 20500, 'Internal error')
  if (how === 'silence') {
    const socket = socketOf(context)
    // until the customer has waited long enough
    if (socket && !socket.destroyed) await once(socket, 'close')
  }
  return breakOff(context)
}

/** The connection breaks before a byte is answered. */
function breakOff(context: Context): Response {
  socketOf(context)?.resetAndDestroy()
  // asked in this very process, without a connection: the nearest thing to one that breaks
  return new Response(null, { status: 502 })
}

const socketOf = (context: Context) =>
  (context.env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket

const codeOf = (status: number): number => (status === 503 ? 20503 : status === 429 ? 20429 : 20500)

function failure(status: number, code: number, message: string): Response {
  return Response.json({ code, message, more_info: moreInfo(code), status }, { status })
}
