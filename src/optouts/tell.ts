// Opt-outs / tell: the actor that tells everybody who has a part in a service when a number on it gets no more texts, or gets them
// again. The row of the list is due until that was done, so no crash leaves them untold; at worst somebody hears it twice.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { isMobile } from '../kit/phone-number.ts'
import {
  enqueueText,
  firstLine,
  nextUntoldAt,
  type OptOut,
  optOutsOf,
  priorities,
  setTold,
  untoldOptOuts,
} from '../lines/lines.ts'
import { enqueueEmail } from '../mail/mail.ts'
import type { Actor } from '../queue/actor.ts'
import { type Stakeholder, servicePlan, stakeholdersOf } from '../services/services.ts'
import { type Concerned, concernedBy } from './store.ts'
import { type Concern, headline, mail, tidings } from './words.ts'

const atMost = 20
/** Telling that fails is tried again after this. */
const asideMs = 60_000
/** News of this kind is of no use the day after. */
const usefulForMs = 24 * 60 * 60_000

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

async function tellService(app: App, tx: Tx, optOut: OptOut, concerned: Concerned): Promise<void> {
  const plan = await servicePlan(tx, concerned.serviceId)
  const people = await stakeholdersOf(tx, concerned.serviceId)
  const whose = people.find(({ personId }) => personId === concerned.personId)
  const concern: Concern = {
    name: whose?.name ?? plan.receiverName,
    receiverName: plan.receiverName,
    isReceiver: concerned.isReceiver,
    isTexted: concerned.isTexted,
    channels: whose?.roles.includes('alert receiver') ? whose.channels : [],
    why: optOut.endedAt === null ? optOut.why : null,
    lineNumber: (await firstLine(tx)).number,
  }
  const textable = await textableOf(tx, people)
  for (const person of people) await tell(app, tx, concerned.serviceId, concern, person, textable)
  tx.afterCommit(() => app.bell.ring({ services: [concerned.serviceId], work: true }))
}

/** By e-mail; whoever has no address gets a text, as far as their own number takes any. */
async function tell(
  app: App,
  tx: Tx,
  serviceId: string,
  concern: Concern,
  person: Stakeholder,
  textable: ReadonlySet<string>,
): Promise<void> {
  const usefulUntil = new Date(app.clock.now().getTime() + usefulForMs)
  const about = { purpose: 'news', ownerRoom: 'optouts', ownerId: serviceId, serviceId, usefulUntil } as const
  if (person.email) {
    await enqueueEmail(app, tx, {
      ...about,
      partId: null,
      to: { name: person.name, address: person.email },
      subject: headline(concern).replace(/\.$/, ''),
      blocks: [
        { kind: 'heading', text: headline(concern) },
        ...tidings(concern)
          .slice(1)
          .map((text) => ({ kind: 'paragraph' as const, text })),
        {
          kind: 'button',
          text: mail.button(concern.receiverName),
          url: `${app.config.publicUrl ?? ''}/services/${serviceId}`,
        },
      ],
    })
  } else if (person.phone && textable.has(person.phone)) {
    await enqueueText(app, tx, {
      ...about,
      partId: person.personId,
      lineId: null,
      priority: priorities.newCall,
      to: person.phone,
      body: `CallAssist: ${tidings(concern).join(' ')}`,
    })
  }
}

async function textableOf(tx: Tx, people: readonly Stakeholder[]): Promise<Set<string>> {
  const mobiles = people.flatMap(({ phone }) => (phone && isMobile(phone) ? [phone] : []))
  const optOuts = await optOutsOf(tx, mobiles)
  return new Set(mobiles.filter((number) => !optOuts.has(number)))
}
