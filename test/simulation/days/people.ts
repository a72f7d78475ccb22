// Simulation / days / people: what those around a receiver do by themselves, on pages and in answer to e-mails. Called by rules.ts, which
// sees what they are told.

import { advanceAlert } from './alerts.ts'
import { advanceCall } from './calls.ts'
import { act, saysFine } from './web.ts'
import type { Alert, Call, Notification, World } from './world.ts'

const minute = 60_000

export const people = {
  /** An alert changed hands: whoever has it, or the desk, sees to it within hours, and says so. */
  hearOf(world: World, alert: Alert): void {
    const { chance, engine } = world
    if (alert.state !== 'accepted' && alert.state !== 'handed over') return
    const again = () => {
      if (alert.state === 'closed' || alert.state === 'open') return
      if (!saysFine(world, alert, alert.accepted_by ?? 'operator')) engine.after(10 * minute, again)
    }
    engine.after(chance.int(5, chance.pick([30, 90, 300])) * minute, again)
  },

  /** Some read their e-mail, and press the button in it. */
  read(world: World, { tells, alert, person }: Notification): void {
    const { chance, engine } = world
    if (tells !== 'alert' || !chance.bool(0.25)) return
    engine.after(chance.int(1, chance.pick([5, 30])) * minute, () => {
      act(world, (tx) =>
        advanceAlert(world, tx, alert, { kind: 'accepted', by: person.personId, over: 'email' }),
      )
    })
  },

  /** A stakeholder has seen them, and says so on the page. */
  speaksFor(world: World, call: Call): void {
    if (call.state === 'closed' && call.outcome !== 'missed' && call.outcome !== 'not placed') return
    world.rules.spokeFor(call)
    act(world, (tx) => {
      advanceCall(world, tx, call, { kind: 'acknowledged', by: 'stakeholder', personId: 'ben' })
    })
  },
}
