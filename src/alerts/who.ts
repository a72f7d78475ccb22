// Alerts / who: which people hear of it, and over which of their channels. Pure. Called by effects.ts and by the simulation.
import type { Channel } from '../db/tables.ts'
import type { HeldBack } from './ceilings.ts'
import type { Effect } from './machine.ts'

/** Somebody who can be told, and how. */
export interface Contact {
  readonly personId: string
  readonly name: string
  /** E.164 */
  readonly phone: string | null
  readonly email: string | null
  readonly channels: readonly Channel[]
}

/** An alert receiver of the plan. */
export interface Receiver extends Contact {
  /** As entered; the machine counts steps 1, 2, 3 … in this order. */
  readonly step: number
}

/** One notification to make. With `trouble` it cannot be sent, and is kept to say so. */
export interface Notice {
  readonly contact: Contact
  readonly channel: Channel
  readonly trouble: 'no phone number' | 'no e-mail address' | HeldBack | null
}

/** Everybody around one alert. */
export interface Circle {
  /** the alert receivers of the plan, as it is now */
  readonly receivers: readonly Receiver[]
  /** whoever has been told to act so far, over the channels that were used */
  readonly told: readonly Contact[]
  /** who watches the organisation's queue */
  readonly operators: readonly Contact[]
}

export type Tells = 'alert' | 'accepted' | 'all-clear' | 'reminder'

export interface Notices {
  readonly tells: Tells
  readonly notices: readonly Notice[]
}

/** Whom an effect tells what, each over which channel. Null: it tells nobody anything. */
export function noticesOf(effect: Effect, { receivers, told, operators }: Circle): Notices | null {
  switch (effect.do) {
    case 'notifyStep':
      return { tells: 'alert', notices: alarming(stepsOf(receivers)[effect.step - 1] ?? []) }
    case 'callForHelp':
      return { tells: 'alert', notices: alarming(without(together(told, receivers, operators), effect.by)) }
    case 'tellOthers':
      return { tells: 'accepted', notices: informing(without(told, effect.acceptor)) }
    case 'allClear':
      return { tells: 'all-clear', notices: informing(without(told, effect.except)) }
    case 'remind': {
      const acceptor = together(told, receivers, operators).filter(
        (contact) => contact.personId === effect.acceptor,
      )
      return {
        tells: 'reminder',
        notices: effect.because === 'help asked' ? alarming(acceptor) : informing(acceptor),
      }
    }
    case 'handOver':
      return { tells: 'alert', notices: alarming(operators) }
    case 'remindOrganisation':
      return { tells: 'reminder', notices: alarming(operators) }
    case 'cancelNotifications':
      return null
  }
}

/** What became of one notification: null while it is on its way. */
export interface Fate {
  readonly channel: Channel
  readonly result: string | null
}

/**
 * Nobody of these has been told, and nobody will be. What may still be seen counts as told: a call that was not answered, an
 * e-mail, a text that left and of which nothing more was heard, and what could not be placed and may be of use to try again.
 */
export function reachedNobody(fates: readonly Fate[]): boolean {
  return (
    fates.length > 0 && fates.every(({ channel, result }) => result !== null && isUntold(channel, result))
  )
}

function isUntold(channel: Channel, result: string): boolean {
  if (neverTold.has(result)) return true
  if (channel === 'text') return result === 'not delivered' || result === 'unreachable number'
  return channel === 'call' && untoldByCall.has(result)
}

const neverTold: ReadonlySet<string> = new Set([
  'no phone number',
  'no e-mail address',
  'number not confirmed',
  'held back: hour',
  'held back: day',
])
const untoldByCall: ReadonlySet<string> = new Set([
  'unreachable number',
  // put down before it came to this one; answered by a stranger
  'not heard',
  'somebody else',
])

/** The receivers step by step; whoever cannot be reached at all makes no step of their own. */
export function stepsOf(receivers: readonly Receiver[]): Receiver[][] {
  const numbers = [...new Set(receivers.filter(isReachable).map((receiver) => receiver.step))].sort(
    (a, b) => a - b,
  )
  return numbers.map((number) => receivers.filter((receiver) => receiver.step === number))
}

/** Told to act: over every channel at once. */
function alarming(contacts: readonly Contact[]): Notice[] {
  return contacts.flatMap((contact) => ordered(contact.channels).map((channel) => notice(contact, channel)))
}

/** Told for their information: in writing where they have that, by a call only where there is nothing else. */
function informing(contacts: readonly Contact[]): Notice[] {
  return contacts.flatMap((contact) => {
    const reachable = ordered(contact.channels)
      .map((channel) => notice(contact, channel))
      .filter((n) => n.trouble === null)
    const written = reachable.filter((n) => n.channel !== 'call')
    return written.length > 0 ? written : reachable
  })
}

/** Everybody of these, each once, with the channels of every list: what was used before may no longer reach them. */
function together(...lists: readonly (readonly Contact[])[]): Contact[] {
  const byId = new Map<string, Contact>()
  for (const contact of lists.flat()) {
    const known = byId.get(contact.personId)
    const channels = [...new Set([...(known?.channels ?? []), ...contact.channels])]
    byId.set(contact.personId, { ...contact, channels })
  }
  return [...byId.values()]
}

function without(contacts: readonly Contact[], personId: string | null): Contact[] {
  return contacts.filter((contact) => contact.personId !== personId)
}

function notice(contact: Contact, channel: Channel): Notice {
  return { contact, channel, trouble: missing(contact, channel) }
}

function missing(contact: Contact, channel: Channel): Notice['trouble'] {
  if (channel === 'email') return contact.email === null ? 'no e-mail address' : null
  return contact.phone === null ? 'no phone number' : null
}

function isReachable(contact: Contact): boolean {
  return contact.channels.some((channel) => missing(contact, channel) === null)
}

const order: readonly Channel[] = ['call', 'text', 'email']

function ordered(channels: readonly Channel[]): Channel[] {
  return order.filter((channel) => channels.includes(channel))
}
