// Opt-outs / tell: the actor that tells everybody who has a part in a service when a number on it gets no more texts, or gets them
// again. The row of the list is due until that was done, so no crash leaves them untold; at worst somebody hears it twice.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { firstLine, nextUntoldAt, type OptOut, setTold, untoldOptOuts } from '../lines/lines.ts'
import type { Actor } from '../queue/actor.ts'
import { tellStakeholders } from '../ringin/ringin.ts'
import { servicePlan, stakeholdersOf } from '../services/services.ts'
import { type Concerned, concernedBy } from './store.ts'
import { tidingsOf } from './words.ts'

const atMost = 20
/** Telling that fails is tried again after this. */
const asideMs = 60_000

export function optOutActors(app: App): Actor[] {
  return [
    {
      name: 'optouts',
      async runDue(now) {
        const due = await app.db.look((tx) => untoldOptOuts(tx, now, atMost))
        for (const optOut of due) await tellOf(app, optOut, now)
        return due.length
      },
      nextAt: () => app.db.look((tx) => nextUntoldAt(tx)),
    },
  ]
}

async function tellOf(app: App, optOut: OptOut, now: Date): Promise<void> {
  try {
    for (const concerned of await app.db.look((tx) => concernedBy(tx, optOut.number)))
      await app.db.in(concerned, (tx) => tellService(app, tx, optOut, concerned))
    await app.db.everywhere((tx) => setTold(tx, optOut, null))
  } catch (error) {
    app.log.error('nobody could be told of an opt-out; it is tried again', error, { room: 'optouts' })
    await app.db.everywhere((tx) => setTold(tx, optOut, new Date(now.getTime() + asideMs)))
  }
}

/** Whoever it is about is told too: by e-mail or a call, where no text leaves to them. */
async function tellService(app: App, tx: Tx, optOut: OptOut, concerned: Concerned): Promise<void> {
  const { serviceId, personId, isReceiver, isTexted } = concerned
  const plan = await servicePlan(tx, serviceId)
  const whose = (await stakeholdersOf(tx, serviceId)).find((person) => person.personId === personId)
  const tidings = tidingsOf({
    name: whose?.name ?? plan.receiverName,
    receiverName: plan.receiverName,
    isReceiver,
    isTexted,
    channels: whose?.roles.includes('alert receiver') ? whose.channels : [],
    why: optOut.endedAt === null ? optOut.why : null,
    lineNumber: (await firstLine(tx)).number,
  })
  await tellStakeholders(app, tx, serviceId, tidings)
  tx.afterCommit(() => app.bell.ring({ services: [serviceId], work: true }))
}
