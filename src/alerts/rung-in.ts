// Alerts / rung in: what somebody who rings us may answer: alerts that they were told of, by their number. It is the number that we rang
// or wrote to, which is enough to accept, as by text. Reads only. Called through the door.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { nameOf, readFacts, standingFor } from './facts.ts'
import { type Thread, threadsOf } from './notifications/store.ts'
import { alertRow, stateOf } from './store.ts'
import { message, type OnThePhone } from './voice.ts'
import type { Standing } from './words.ts'

/** So long after somebody else has seen to it, or all was well, whoever rings in still hears so. */
const rememberedMs = 12 * 60 * 60_000

export type StandingForCaller = 'waits' | 'yours' | 'settled'

export interface AlertOfNumber {
  organisationId: string
  alertId: string
  personId: string
  standing: StandingForCaller
}

/** Of whatever organisation: what waits for somebody, then what this number has in hand, then what is settled; the newest first. */
export async function alertsOfNumber(app: App, number: string): Promise<AlertOfNumber[]> {
  const since = new Date(app.clock.now().getTime() - rememberedMs)
  const threads = await app.db.look((tx) => threadsOf(tx, number, since))
  const all = threads.map((thread) => ({ ...thread, standing: standingOf(thread) }))
  return (['waits', 'yours', 'settled'] as const).flatMap((which) =>
    all.filter(({ standing }) => standing === which),
  )
}

function standingOf({ acceptedBy, personId, state, wantsHelp }: Thread): StandingForCaller {
  if (state === 'open' || state === 'handed over') return 'waits'
  if (state === 'closed') return 'settled'
  if (acceptedBy === personId) return 'yours'
  return wantsHelp ? 'waits' : 'settled'
}

function forCaller(standing: Standing): StandingForCaller {
  switch (standing.is) {
    case 'open':
      return 'waits'
    case 'yours':
      return 'yours'
    case 'accepted':
      return standing.wantsHelp ? 'waits' : 'settled'
    case 'closed':
      return 'settled'
  }
}

/** An alert for a voice. */
export interface SpokenAlert {
  /** of the person who listens */
  name: string
  receiverName: string
  /** as this transaction sees it */
  standing: StandingForCaller
  /** what happened and how it stands, sentence by sentence */
  says: readonly string[]
}

/** @throws when the organisation of `tx` has no such alert or person */
export async function spokenAlert(tx: Tx, alertId: string, personId: string): Promise<SpokenAlert> {
  const alert = await alertRow(tx, alertId)
  const facts = await readFacts(tx, alert)
  const standing = await standingFor(tx, stateOf(alert), personId)
  const name = await nameOf(tx, personId)
  const on: OnThePhone = { tells: standing.is === 'yours' ? 'reminder' : 'alert', name, facts, standing }
  return {
    name,
    receiverName: facts.receiverName,
    standing: forCaller(standing),
    says: message(on).flatMap((sound) => (sound.do === 'say' ? [sound.text] : [])),
  }
}
