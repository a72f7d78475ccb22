// Stand-ins for the outside in tests: they do as told, record what was asked, and never open a connection. Where the
// behaviour of a telephone network matters, tests use the exchange instead.

import type { FileStore } from '../../src/outside/files/port.ts'
import type { Email, MailSender, Posted } from '../../src/outside/mail/port.ts'
import {
  type Asked,
  type CallToPlace,
  type Found,
  OutsideTrouble,
  type PhoneEvent,
  type PhoneProvider,
  type PhoneWebhooks,
  type Script,
  type TextToSend,
} from '../../src/outside/phone/port.ts'

export interface FakePhone extends PhoneProvider, PhoneWebhooks {
  readonly calls: (CallToPlace & { sid: string })[]
  readonly texts: (TextToSend & { sid: string })[]
  readonly hungUp: string[]
  readonly redirected: { sid: string; url: string }[]
  /** The files at the provider, by recordingSid. One that is not here is not ready yet. */
  readonly recordings: Map<string, Uint8Array>
  /** What comes of asking, from now on; without it every call and text is placed. */
  answer: ((wanted: CallToPlace | TextToSend, sid: string) => Asked) | null
  /** What it says when asked whether it is there. */
  there: boolean
  /** What a look at the provider finds, by sid. */
  readonly known: Map<string, Found>
}

/** Renders a script as its JSON, and reads the JSON of a PhoneEvent in the parameter `event`. */
export function fakePhone(): FakePhone {
  let made = 0
  const sidOf = (kind: 'CA' | 'SM') => `${kind}${String(++made).padStart(32, '0')}`
  const phone: FakePhone = {
    calls: [],
    texts: [],
    hungUp: [],
    redirected: [],
    recordings: new Map(),
    answer: null,
    there: true,
    known: new Map(),
    async placeCall(call) {
      const sid = sidOf('CA')
      phone.calls.push({ ...call, sid })
      return phone.answer?.(call, sid) ?? { kind: 'placed', sid }
    },
    async sendText(text) {
      const sid = sidOf('SM')
      phone.texts.push({ ...text, sid })
      return phone.answer?.(text, sid) ?? { kind: 'placed', sid }
    },
    lookUpCall: async (sid) => phone.known.get(sid) ?? null,
    findCalls: async ({ from, to }) =>
      [...phone.known.values()].filter((found) => found.from === from && found.to === to),
    isThere: async () => phone.there,
    async redirect(sid, url) {
      phone.redirected.push({ sid, url })
    },
    async hangUp(sid) {
      phone.hungUp.push(sid)
    },
    async fetchRecording(recordingSid) {
      const wav = phone.recordings.get(recordingSid)
      if (!wav) throw new OutsideTrouble('HTTP 404 for the recording', true)
      return wav
    },
    async deleteRecording(recordingSid) {
      phone.recordings.delete(recordingSid)
    },
    isSigned: ({ signature }) => signature === 'signed',
    read: (_, params) => JSON.parse(params.get('event') ?? 'null') as PhoneEvent | null,
    render: (script: Script) => JSON.stringify(script),
    reply: (text) => JSON.stringify({ reply: text }),
    nothing: 'nothing',
    contentType: 'application/json',
  }
  return phone
}

export interface FakeMail extends MailSender {
  readonly sent: Email[]
  /** What comes of posting, from now on; without it every e-mail is sent. */
  answer: ((email: Email) => Posted) | null
}

export function fakeMail(): FakeMail {
  const mail: FakeMail = {
    sent: [],
    answer: null,
    async send(email) {
      const posted = mail.answer?.(email) ?? { kind: 'sent' }
      if (posted.kind === 'sent') mail.sent.push(email)
      return posted
    },
  }
  return mail
}

export function filesInMemory(): FileStore {
  const files = new Map<string, Uint8Array>()
  return {
    async put(key, bytes) {
      files.set(key, Uint8Array.from(bytes))
    },
    get: async (key) => files.get(key) ?? null,
    async delete(key) {
      files.delete(key)
    },
  }
}
