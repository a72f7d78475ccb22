// Lines / ring-in: the webhooks of a call that came in. What is said is the desk's that is registered in wiring.ts: lines only reads
// what the provider tells, and renders the answer. Called by webhooks.ts, which has checked the signature.
//
//   /lines/:line/ring-in            somebody rings the line: what shall be said first?
//   /lines/:line/ring-in/:token     what came after a prompt
//   /lines/:line/ring-in-status     such a call is over
import type { App } from '../app.ts'
import { audioUrl } from '../messages/messages.ts'
import type { Phone, Script } from '../outside/phone/port.ts'
import { ringInUrl } from './addresses.ts'
import { lineCalled } from './line/store.ts'
import type { RingInAnswer } from './lines.ts'
import { fallbackScript, sorryScript } from './words.ts'

export interface RingInRequest {
  phone: Phone
  params: URLSearchParams
  query: URLSearchParams
  /** as it stands in the address */
  line: string
}

/**
 * Somebody rings the line.
 * @returns the body of the answer. Somebody listens, so whatever fails is a kind sentence, never an error.
 */
export async function rang(app: App, request: RingInRequest): Promise<string> {
  return spoken(app, request, async () => {
    const event = request.phone.read('ring-in', request.params)
    const line = await app.db.look((tx) => lineCalled(tx, request.line))
    if (event?.kind !== 'ring in' || !line) return null
    return app.ringInDesk.rang(app, { lineId: line.id, sid: event.sid, from: event.from })
  })
}

/** What came after a prompt. @returns the body of the answer, as above */
export async function heardIn(app: App, request: RingInRequest, token: string): Promise<string> {
  return spoken(app, request, async () => {
    const event = request.phone.read('ring-in-keys', request.params)
    const turn = /^\d{1,4}$/.test(request.query.get('turn') ?? '') ? Number(request.query.get('turn')) : null
    if (event?.kind === 'ring-in keys')
      return app.ringInDesk.heard(app, token, { kind: 'keys', keys: event.keys }, turn)
    if (event?.kind !== 'recorded') return null
    const { recordingSid, seconds } = event
    return app.ringInDesk.heard(app, token, { kind: 'recorded', recordingSid, seconds }, turn)
  })
}

/** A call that came in is over. */
export async function rangOff(app: App, { phone, params }: RingInRequest): Promise<string> {
  const event = phone.read('status', params)
  if (event?.kind === 'state' && event.state.kind === 'ended') await app.ringInDesk.ended(app, event.sid)
  return phone.nothing
}

async function spoken(
  app: App,
  { phone, line }: RingInRequest,
  ask: () => Promise<RingInAnswer | null>,
): Promise<string> {
  try {
    const answer = await ask()
    if (!answer) return phone.render(sorryScript(), nowhere)
    const { script, token, turn } = answer
    return phone.render(script, {
      actionUrl: ringInUrl(app.config, line, token, turn),
      audioUrl: (recordingId) => audioUrl(app, recordingId),
    })
  } catch (error) {
    app.log.error('a call that came in could not be answered', error, { room: 'lines' })
    return phone.render(fallbackScript() satisfies Script, nowhere)
  }
}

const nowhere = { actionUrl: '', audioUrl: () => '' }
