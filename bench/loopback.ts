// Bench / loopback: a provider inside this process that takes every call at once and remembers when. Nothing rings.
import type { Phone } from '../src/outside/phone/port.ts'

export interface Loopback extends Phone {
  /** When each number was asked for, in milliseconds since 1970; in order. */
  readonly asked: { to: string; at: number }[]
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
  let made = 0
  const sid = (kind: 'CA' | 'SM') => `${kind}${String(++made).padStart(32, '0')}`
  return {
    asked,
    async placeCall({ to }) {
      const call = { to, at: Date.now() }
      asked.push(call)
      onAsked(call)
      return { kind: 'placed', sid: sid('CA') }
    },
    sendText: async () => ({ kind: 'placed', sid: sid('SM') }),
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
    read: () => null,
    render: () => '',
    reply: () => '',
    nothing: '',
    contentType: 'text/plain',
  }
}
