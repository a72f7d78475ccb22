// Ringin / news: tells the stakeholders of a service of a pause, a stop or a start, in the transaction in which it is done: each by text
// where they have a mobile, else by e-mail, else by a call; and by the next of these where one did not work. The door offers
// `tellStakeholders`; lines tells `newsOwner` what became of a text or a call.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Channel } from '../db/tables.ts'
import { newId } from '../kit/ids.ts'
import { localDateOf } from '../kit/local-time.ts'
import { isMobile, nationalNumber } from '../kit/phone-number.ts'
import {
  type Ended,
  enqueueCall,
  enqueueText,
  firstLine,
  type OutgoingOwner,
  priorities,
} from '../lines/lines.ts'
import { enqueueEmail } from '../mail/mail.ts'
import type { Script } from '../outside/phone/port.ts'
import { personById } from '../people/people.ts'
import { servicePlan, stakeholdersOf } from '../services/services.ts'
import { endNews, insertNews, lockNews, type News } from './store.ts'
import type { Change } from './tidings.ts'
import { type NewsFacts, newsLetter, newsSpoken, newsText } from './words-of-news.ts'

/** News of a stop is worth hearing late. */
const usefulHours = 24
const ringSeconds = 30

interface Reachable {
  personId: string
  name: string
  phone: string | null
  isConfirmed: boolean
  email: string | null
}

/**
 * Tell everybody with a role on the service, but the receiver and whoever did it.
 * @param doneBy the stakeholder who did it on a page; null: the receiver
 */
export async function tellStakeholders(
  app: App,
  tx: Tx,
  serviceId: string,
  tidings: Change,
  doneBy: string | null = null,
): Promise<void> {
  const { receiverId } = await servicePlan(tx, serviceId)
  for (const person of await stakeholdersOf(tx, serviceId)) {
    if (person.personId === receiverId || person.personId === doneBy) continue
    await tell(app, tx, { serviceId, tidings }, person, waysOf(person)[0])
  }
}

/** Whoever accepted an alert by ringing in hears of it at the number that we know, with how to get in. */
export async function tellAcceptor(app: App, tx: Tx, serviceId: string, personId: string): Promise<void> {
  const person = (await stakeholdersOf(tx, serviceId)).find((one) => one.personId === personId)
  if (person) await tell(app, tx, { serviceId, tidings: { what: 'accepted' } }, person, waysOf(person)[0])
}

/** What may be tried, in order. A stranger at a number that is not confirmed hears nothing of it. */
export function waysOf({
  phone,
  email,
  isConfirmed,
}: Pick<Reachable, 'phone' | 'email' | 'isConfirmed'>): Channel[] {
  const proved = isConfirmed ? phone : null
  return [
    ...(proved !== null && isMobile(proved) ? (['text'] as const) : []),
    ...(email !== null ? (['email'] as const) : []),
    ...(proved !== null ? (['call'] as const) : []),
  ]
}

/** @param channel none: there is no way to this person, who sees it on the page */
async function tell(
  app: App,
  tx: Tx,
  about: Pick<News, 'serviceId' | 'tidings'>,
  person: Reachable,
  channel: Channel | undefined,
): Promise<void> {
  if (!channel) return
  const now = app.clock.now()
  const id = newId(now)
  const facts = await factsOf(app, tx, about.serviceId)
  const { lineId } = await servicePlan(tx, about.serviceId)
  const common = {
    ownerRoom: 'news' as const,
    ownerId: id,
    partId: id,
    serviceId: about.serviceId,
    purpose: 'news' as const,
    usefulUntil: new Date(now.getTime() + usefulHours * 60 * 60_000),
  }
  const outgoing = { ...common, lineId, priority: priorities.help, to: person.phone ?? '' }
  const news = { ...about, id, personId: person.personId, channel, outgoingId: null, emailId: null }
  switch (channel) {
    case 'text': {
      const outgoingId = await enqueueText(app, tx, { ...outgoing, body: newsText(about.tidings, facts) })
      return insertNews(tx, now, { ...news, outgoingId })
    }
    case 'call':
      return insertNews(tx, now, {
        ...news,
        outgoingId: await enqueueCall(app, tx, { ...outgoing, ringSeconds }),
      })
    case 'email': {
      const letter = newsLetter(about.tidings, facts, person)
      const to = { name: person.name, address: person.email! }
      return insertNews(tx, now, {
        ...news,
        emailId: await enqueueEmail(app, tx, { ...common, to, ...letter }),
      })
    }
  }
}

async function factsOf(app: App, tx: Tx, serviceId: string): Promise<NewsFacts> {
  const { accessNotes, receiverName, timeZone } = await servicePlan(tx, serviceId)
  return {
    receiverName,
    notes: accessNotes?.trim() || null,
    lineNumber: nationalNumber((await firstLine(tx)).number),
    today: localDateOf(app.clock.now(), timeZone),
    url: `${app.config.publicUrl ?? ''}/services/${serviceId}`,
  }
}

export const newsOwner: OutgoingOwner = {
  async lock(tx, id) {
    await lockNews(tx, id)
  },
  answered: (app, tx, heard) => message(app, tx, heard.ownerId),
  async keyed(app, tx, heard, key) {
    const stars = [...heard.keys].filter((pressed) => pressed === '*').length
    return key === '*' && stars <= 5 ? message(app, tx, heard.ownerId) : [{ do: 'hang up' }]
  },
  async silent(app, tx, heard) {
    return heard.silences < 2 ? message(app, tx, heard.ownerId) : [{ do: 'hang up' }]
  },
  async ended(app, tx, ended) {
    const news = await lockNews(tx, ended.ownerId)
    if (!news) throw new Error('news have vanished')
    await endNews(tx, news.id, ended.result, app.clock.now())
    if (hasArrived(ended)) return
    const person = await personById(tx, news.personId)
    if (!person) return
    const ways = waysOf(person)
    const next = ways[ways.indexOf(news.channel) + 1]
    await tell(app, tx, news, { ...person, personId: person.id }, next)
  },
}

/** An answerphone that we have put down has told nobody. */
function hasArrived({ result }: Ended): boolean {
  return ['sent', 'delivered', 'acknowledged', 'answered without a key'].includes(result)
}

async function message(app: App, tx: Tx, id: string): Promise<Script> {
  const news = await lockNews(tx, id)
  const person = news && (await personById(tx, news.personId))
  if (!news || !person) throw new Error('no such news in this organisation')
  const sentences = newsSpoken(news.tidings, await factsOf(app, tx, news.serviceId), person)
  return [{ do: 'gather', sounds: sentences.map((text) => ({ do: 'say', text })), waitSeconds: 6 }]
}
