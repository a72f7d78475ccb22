// Bench / webhook: calls are answered, fifty at a time, and the provider asks what shall be said: its signed request until our answer is
// there, against a route of the same server that does nothing. Asked from a process of its own.
import { Hono } from 'hono'
import twilio from 'twilio'
import { lineRoutes } from '../../src/lines/lines.ts'
import { twilioPhone } from '../../src/outside/phone/twilio.ts'
import { listen } from '../../src/outside/server.ts'
import { startChild, stopChild } from '../child.ts'
import type { LoadSays, LoadTask } from '../load-process.ts'
import { atMost, quantile, type Row, said, withinMs } from '../row.ts'
import { openWorker, type World } from '../world.ts'
import { dispatched } from './dispatch.ts'

const account = { accountSid: `AC${'0'.repeat(31)}4`, authToken: 'the-webhooks-of-the-bench-only-here' }
const atOnce = 50

export const webhook: Row = {
  name: 'webhook',
  async measure(bench) {
    const world = await bench.world()
    const calls = bench.isQuick ? atOnce : 3000
    await dispatched(world, calls)
    return answered(world)
  },
  judge: ({ p99, p50, empty, emptyP50 }) => [
    atMost(
      `the webhook of answering, ${atOnce} at once, 99 of 100 within`,
      p99! / empty!,
      4,
      'an empty route',
    ),
    withinMs(`the webhook of answering, ${atOnce} at once, 99 of 100 within`, p99!, 50),
    said(
      'half within and 99 of 100 within, in ms',
      `${p50!.toFixed(1)} and ${p99!.toFixed(1)}; an empty route ${emptyP50!.toFixed(1)} and ${empty!.toFixed(1)}`,
    ),
  ],
}

async function answered(
  world: World,
): Promise<{ p99: number; p50: number; empty: number; emptyP50: number }> {
  const web = await listen('127.0.0.1', 0)
  const publicUrl = `http://127.0.0.1:${web.port}`
  const phone = twilioPhone({ ...account, apiUrl: publicUrl })
  const worker = await openWorker(world.connectionString, { phone, publicUrl })
  const routes = new Hono().route('/lines', lineRoutes(worker.app))
  routes.post('/nothing', (c) => c.body(null, 200))
  web.answerWith(routes.fetch)
  try {
    const posts = await postsOf(world, publicUrl)
    const nothing = posts.map((post) => ({ ...post, path: '/nothing' }))
    // connections, plans (a server makes its first five of a statement anew) and compiled code are there once the first have been answered
    const warm = posts.splice(0, Math.floor(posts.length / 3))
    await load(web.port, [...warm, ...nothing])
    const empty = await load(web.port, nothing)
    const asked = await load(web.port, posts)
    return {
      p99: quantile(asked, 0.99),
      p50: quantile(asked, 0.5),
      empty: quantile(empty, 0.99),
      emptyP50: quantile(empty, 0.5),
    }
  } finally {
    await web.close()
    await worker.close()
  }
}

/** What the provider asks about each call that was placed, as it signs it. */
async function postsOf({ owner }: World, publicUrl: string): Promise<LoadTask['posts'][number][]> {
  const { rows } = await owner.query<{ line: string; token: string; sid: string; to: string }>(
    `select line_id as line, token, provider_sid as sid, to_number as "to" from outgoing where state = 'placed'`,
  )
  return rows.map(({ line, token, sid, to }) => {
    const path = `/lines/${line}/voice/${token}`
    const params = {
      AccountSid: account.accountSid,
      CallSid: sid,
      CallStatus: 'in-progress',
      Direction: 'outbound-api',
      From: '+441632960001',
      To: to,
    }
    const signature = twilio.getExpectedTwilioSignature(account.authToken, publicUrl + path, params)
    return {
      path,
      body: new URLSearchParams(params).toString(),
      headers: { 'x-twilio-signature': signature },
    }
  })
}

async function load(port: number, posts: LoadTask['posts']): Promise<LoadSays> {
  const task: LoadTask = { port, atOnce, posts }
  const { child, answer } = await startChild<LoadSays>('bench-load', task)
  await stopChild(child)
  return answer
}
