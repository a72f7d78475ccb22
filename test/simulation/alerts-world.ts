// Simulation / the world of one alert: contacts who sleep, accept, change their minds; receivers who answer late or ask for
// help; sweepers that come late; plans that change; and every event perhaps twice. Seeded: same seed, same world. Called by
// alerts-lives.ts.
import type { AlertEvent, AlertPlan, AlertState, Over, Said } from '../../src/alerts/machine.ts'
import {
  type Circle,
  type Contact,
  type Notice,
  type Receiver,
  stepsOf,
  type Tells,
} from '../../src/alerts/who.ts'
import type { Channel } from '../../src/db/tables.ts'
import type { Seeded } from '../../src/kit/seeded.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
export const openedMs = Date.UTC(2026, 10, 24, 9, 42)
/** Longer than the longest plan with its sweepers late: nothing may still be open then. */
const horizonMs = openedMs + 72 * hour
/** What has been accepted or handed over only reminds; a working day of that is enough. */
const remindingMs = openedMs + 14 * hour

export interface Coming {
  atMs: number
  event: AlertEvent
}

export interface World {
  planAt(nowMs: number): AlertPlan
  circleAt(nowMs: number): Omit<Circle, 'told'>
  /** of the notices of a step, those that come too often are held back */
  holdsBack(notices: readonly Notice[]): Notice[]
  /** the next thing to happen, in order of time; null when nothing will */
  next(): Coming | null
  /** what the world does about a step that was saved and the notices that went out */
  sees(nowMs: number, state: AlertState, sent: readonly { tells: Tells; notice: Notice }[]): void
}

export function makeWorld(chance: Seeded): World {
  const people = chance.fork('people')
  const reach = anyReach(people)
  const before = anyReceivers(people, reach)
  const after = people.bool(0.06) ? anyReceivers(people.fork('changed'), reach) : before
  const changedMs = openedMs + people.int(0, 40 * minute)
  const operators: Contact[] = people.bool(0.9)
    ? [{ personId: 'olive', name: 'Olive', phone: null, email: 'olive@example.org', channels: ['email'] }]
    : []
  const timing = anyTiming(chance.fork('timing'))
  const flow = chance.fork('flow')
  const trouble = flow.pick([0, 0.05, 0.3])
  const eagerness = flow.pick([0, 0, 0.03, 0.3])
  // how bad a day it is: of everything by telephone so much is held back, and of everything told so much certainly fails
  const heldBackShare = flow.pick([0, 0, 0.3, 1])
  const failing = flow.pick([0, 0, 0.1, 0.5])
  const coming: Coming[] = []
  const add = (atMs: number, event: AlertEvent) => {
    const at = coming.findIndex((other) => other.atMs > atMs)
    coming.splice(at < 0 ? coming.length : at, 0, { atMs, event })
  }

  /** Deliver: perhaps never, perhaps late, perhaps several times. */
  function deliver(atMs: number, event: AlertEvent): void {
    if (flow.bool(trouble / 3)) return
    const lateBy = flow.bool(trouble) ? flow.int(0, flow.pick([5 * second, 3 * minute, 2 * hour])) : 0
    add(atMs + lateBy, event)
    while (flow.bool(trouble))
      add(atMs + lateBy + flow.int(0, flow.pick([second, 10 * minute, 3 * hour])), event)
  }

  /** Accept, and perhaps say later how it went. */
  function accept(atMs: number, by: string, over: Over): void {
    deliver(atMs, { kind: 'accepted', by, over })
    const says: Said[] = ['she is fine', 'I am going', 'get help']
    for (let more = flow.int(0, 2); more > 0; more--)
      deliver(atMs + flow.int(minute, 3 * hour), { kind: 'said', what: flow.pick(says), by, over: 'page' })
  }

  function sweep(wakeMs: number, untilMs: number): void {
    const lateBy = flow.bool(trouble / 2)
      ? flow.int(0, flow.pick([minute, hour, 8 * hour]))
      : flow.int(0, 200)
    if (wakeMs + lateBy <= untilMs) add(wakeMs + lateBy, { kind: 'woke' })
  }

  const someMs = () => openedMs + flow.int(0, flow.pick([minute, 20 * minute, 6 * hour]))
  const anybody = () => flow.pick([...before, ...operators, { personId: 'nobody told' }]).personId
  add(openedMs, { kind: 'woke' })
  if (flow.bool(0.12)) deliver(someMs(), { kind: 'cleared', by: flow.bool() ? null : anybody() })
  if (flow.bool(0.15)) deliver(someMs(), { kind: 'help asked' })
  for (let n = flow.bool(0.2) ? flow.int(1, 3) : 0; n > 0; n--)
    deliver(someMs(), {
      kind: 'joined',
      reason: flow.pick(['missed', 'not placed']),
      isNews: flow.bool(),
    })
  if (flow.bool(0.03)) deliver(someMs(), { kind: 'gaveUp' })
  if (flow.bool(0.1)) accept(someMs(), anybody(), 'page')
  if (flow.bool(0.06))
    deliver(someMs(), {
      kind: 'said',
      what: flow.pick(['she is fine', 'I am going', 'get help']),
      by: anybody(),
      over: 'page',
    })
  for (let n = flow.int(0, 3); n > 0; n--) add(someMs(), { kind: 'woke' })

  const receiversAt = (nowMs: number) => (nowMs < changedMs ? before : after)
  return {
    planAt: (nowMs) => ({ ...timing, steps: stepsOf(receiversAt(nowMs)).length }),
    circleAt: (nowMs) => ({ receivers: receiversAt(nowMs), operators }),
    holdsBack: (notices) =>
      notices.map((notice) =>
        notice.channel !== 'email' && notice.trouble === null && flow.bool(heldBackShare)
          ? { ...notice, trouble: 'held back: hour' }
          : notice,
      ),
    next: () => coming.shift() ?? null,
    sees(nowMs, state, sent) {
      const alarms = sent.filter(({ tells }) => tells === 'alert').map(({ notice }) => notice)
      if (alarms.length > 0 && state.is === 'open') {
        const event = { kind: 'nobody told' as const, step: state.step, round: state.round }
        // what is held back is known in the same transaction; what fails is told later, perhaps twice, perhaps never
        if (alarms.every(({ trouble }) => trouble !== null)) add(nowMs, event)
        else if (flow.bool(failing)) deliver(nowMs + flow.int(second, 8 * minute), event)
      }
      for (const { tells, notice } of sent) {
        const isHeeded = notice.trouble === null && flow.bool(tells === 'alert' ? eagerness : 0.05)
        if (isHeeded) accept(nowMs + flow.int(second, 12 * minute), notice.contact.personId, notice.channel)
      }
      if (state.is !== 'closed')
        sweep(Math.max(nowMs, state.wakeAt.getTime()), state.is === 'open' ? horizonMs : remindingMs)
    },
  }
}

function anyTiming(chance: Seeded): Omit<AlertPlan, 'steps'> {
  if (chance.bool(0.4)) return { stepMinutes: 5, rounds: 3 }
  return { stepMinutes: chance.int(1, chance.pick([10, 60])), rounds: chance.int(1, 5) }
}

const names = ['ada', 'ben', 'cara', 'dov', 'eve', 'finn']

type Reach = Pick<Contact, 'phone' | 'email'>

function anyReach(chance: Seeded): Reach[] {
  return names.map((name) => ({
    phone: chance.bool(0.9) ? '+447700900201' : null,
    email: chance.bool(0.9) ? `${name}@example.org` : null,
  }))
}

function anyReceivers(chance: Seeded, reach: readonly Reach[]): Receiver[] {
  return names.slice(0, chance.pick([0, 1, 1, 2, 2, 3, 4, 6])).map((personId, index) => ({
    personId,
    name: personId,
    ...reach[index]!,
    channels: anyChannels(chance),
    step: chance.pick([1, 2, 3, 7]),
  }))
}

function anyChannels(chance: Seeded): Channel[] {
  const all: Channel[] = ['call', 'text', 'email']
  const some = all.filter(() => chance.bool(0.6))
  return some.length > 0 ? chance.shuffle(some) : [chance.pick(all)]
}
