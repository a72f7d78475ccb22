// Bench / loopback: a provider inside this process that takes every call at once and remembers when. Nothing rings.
import type { Phone } from '../src/outside/phone/port.ts'

export interface Loopback extends Phone {
  /** When each number was asked for, in milliseconds since 1970 with fractions; in order. */
  readonly asked: { to: string; at: number }[]
}

export function loopback(): Loopback {
  const asked: { to: string; at: number }[] = []
  let made = 0
  const sid = (kind: 'CA' | 'SM') => `${kind}${String(++made).padStart(32, '0')}`
  return {
    asked,
    async placeCall({ to }) {
      asked.push({ to, at: performance.timeOrigin + performance.now() })
      return { kind: 'placed', sid: sid('CA') }
    },
    sendText: async () => ({ kind: 'placed', sid: sid('SM') }),
    lookUpCall: async () => null,
    findCalls: async () => [],
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
