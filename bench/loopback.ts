// Bench / loopback: a provider inside this process that takes every call at once and remembers when. Nothing rings; once it is connected
// with the webhooks, somebody answers at once, presses a key, and the call is over.
import { setTimeout as pause } from 'node:timers/promises'
import type { Hono } from 'hono'
import type { CallToPlace, LineState, Phone, PhoneEvent } from '../src/outside/phone/port.ts'

export interface Loopback extends Phone {
  /** When each number was asked for, in milliseconds since 1970; in order. */
  readonly asked: { to: string; at: number }[]
  /** From now on calls are answered, and told of at these routes. Without, they are placed and nothing more is heard of them. */
  connect(routes: Hono): void
  /** Done when every call that was answered is over. */
  finish(): Promise<void>
}

/** @param onAsked hears of every call before it is taken; `onSought` of every search for one that may have been placed */
export function loopback({
  onAsked = () => {},
  onSought = () => {},
}: {
  onAsked?: (call: { to: string; at: number }) => void
  onSought?: (at: number) => void
} = {}): Loopback {
  const asked: { to: string; at: number }[] = []
  let routes: Hono | null = null
  const living = new Set<Promise<void>>()
  let made = 0
  const sidOf = (kind: 'CA' | 'SM') => `${kind}${String(++made).padStart(32, '0')}`

  async function tell(url: string, event: PhoneEvent): Promise<string> {
    const { pathname, search } = new URL(url)
    const body = new URLSearchParams({ event: JSON.stringify(event) })
    const answer = await routes!.request(pathname + search, { method: 'POST', body })
    if (answer.status !== 200) throw new Error(`a webhook was answered with ${answer.status}`)
    return answer.text()
  }

  async function live(sid: string, urls: CallToPlace['urls']): Promise<void> {
    await pause(5)
    const report = (sequence: number, state: LineState) =>
      tell(urls.status, { kind: 'state', sid, state, sequence, code: null })
    await report(0, { kind: 'queued' })
    await report(1, { kind: 'ringing' })
    const whereKeysGo = await tell(urls.voice, { kind: 'answered', sid })
    await report(2, { kind: 'in progress' })
    await tell(whereKeysGo, { kind: 'keyed', sid, key: '1' })
    await report(3, { kind: 'ended', how: 'completed', seconds: 9 })
  }

  function begin(life: Promise<void>): void {
    living.add(life)
    life.finally(() => living.delete(life))
  }

  return {
    asked,
    connect(given) {
      routes = given
    },
    async finish() {
      await Promise.all(living)
    },
    async placeCall({ to, urls }) {
      const call = { to, at: Date.now() }
      asked.push(call)
      onAsked(call)
      const sid = sidOf('CA')
      if (routes) begin(live(sid, urls))
      return { kind: 'placed', sid }
    },
    sendText: async () => ({ kind: 'placed', sid: sidOf('SM') }),
    lookUpCall: async () => null,
    async findCalls() {
      onSought(Date.now())
      return []
    },
    isThere: async () => true,
    redirect: async () => undefined,
    hangUp: async () => undefined,
    fetchRecording: async () => new Uint8Array(),
    deleteRecording: async () => undefined,
    isSigned: () => true,
    read: (_, params) => JSON.parse(params.get('event')!) as PhoneEvent,
    // all that a telephone of ours needs to know of what is said
    render: (_, { actionUrl }) => actionUrl,
    reply: () => '',
    nothing: '',
    contentType: 'text/plain',
  }
}
