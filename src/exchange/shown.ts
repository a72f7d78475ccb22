// Exchange / shown: gathers what the page of practice phones shows at one instant: the telephones in the order in which they want
// attention, with the names of their owners; e-mails; what really rang; the clock. Called by pages.tsx; drawn by views.tsx.
import { createHmac } from 'node:crypto'
import type { App } from '../app.ts'
import type { ReceivedMail } from '../outside/mail/room.ts'
import { nextToWaitFor, type Planned } from './clock-desk.ts'
import type { Fault, Handset, RingEntry } from './exchange.ts'
import type { Laptop } from './laptop.ts'
import { knownNumbers, type NumberOf } from './store.ts'

const idleAtMost = 30
const mailsAtMost = 20
const ringsAtMost = 30

export interface PhoneShown {
  /** stands for the number in addresses: numbers are personal data */
  id: string
  handset: Handset
  /** nobody, when the application does not know the number */
  owners: NumberOf[]
  /** a person chose to let the ringing call ring out */
  isLetRing: boolean
}

export interface MailShown {
  id: string
  mail: ReceivedMail
}

export interface Shown {
  now: Date
  /** how far the clock stands ahead of real time, in milliseconds */
  aheadMs: number
  next: Planned | null
  line: { number: string; busy: number }
  phones: PhoneShown[]
  /** how many quiet telephones are left out */
  morePhones: number
  /** newest first; null where e-mails really go out */
  mails: MailShown[] | null
  moreMails: number
  /** newest first */
  rings: RingEntry[]
  /** the names of the lines */
  lines: string[]
  /** what the telephone company does wrong now */
  faults: Fault[]
  /** by number, for sentences about calls */
  names: ReadonlyMap<string, readonly NumberOf[]>
}

/**
 * @param all leave no quiet telephone and no e-mail out
 * @param letRing calls that a person lets ring, by their identifier
 */
export async function gather(
  app: App,
  laptop: Laptop,
  { all, letRing }: { all: boolean; letRing: ReadonlySet<string> },
): Promise<Shown> {
  const names = Map.groupBy(await knownNumbers(app.db), (known) => known.number)
  const next = await nextToWaitFor(laptop)
  const phones = phonesOf(app, laptop, names)
    .map((handset) => ({
      id: idOf(app, handset.number),
      handset,
      owners: names.get(handset.number) ?? [],
      isLetRing: handset.call !== null && letRing.has(handset.call.callSid),
    }))
    .sort(byAttention)
  const quiet = phones.filter(({ handset }) => rankOf(handset) === 3)
  const left = all ? [] : quiet.slice(idleAtMost)
  const mails = laptop.mailRoom?.mails().toReversed() ?? null
  const { number } = app.config.lines[0]
  return {
    now: laptop.clock.now(),
    aheadMs: laptop.clock.aheadMs(),
    next,
    line: { number, busy: phones.filter(({ handset }) => handset.call?.lineNumber === number).length },
    phones: phones.filter((phone) => !left.includes(phone)),
    morePhones: left.length,
    mails:
      mails?.slice(0, all ? mails.length : mailsAtMost).map((mail) => ({ id: mailId(app, mail), mail })) ??
      null,
    moreMails: all ? 0 : Math.max(0, (mails?.length ?? 0) - mailsAtMost),
    rings: laptop.exchange.ledger
      .rings()
      .filter(({ to }) => to !== app.config.watchNumber)
      .slice(-ringsAtMost)
      .reverse(),
    lines: app.config.lines.map(({ name }) => name),
    faults: laptop.exchange.faults
      .list(laptop.clock.now().getTime())
      .filter((fault) => fault.from <= laptop.clock.now()),
    names,
  }
}

/** The number that `id` stands for, or null. */
export async function numberOf(app: App, laptop: Laptop, id: string): Promise<string | null> {
  const names = Map.groupBy(await knownNumbers(app.db), (known) => known.number)
  return phonesOf(app, laptop, names).find(({ number }) => idOf(app, number) === id)?.number ?? null
}

export function mailOf(app: App, laptop: Laptop, id: string): MailShown | null {
  const mail = laptop.mailRoom?.mails().findLast((one) => mailId(app, one) === id)
  return mail ? { id, mail } : null
}

/** Every number that the application knows, and every telephone of the exchange that was used. Not the watch's own, which nobody holds. */
function phonesOf(app: App, laptop: Laptop, names: ReadonlyMap<string, unknown>): Handset[] {
  const there = laptop.exchange
    .handsets()
    .filter(
      (handset) =>
        names.has(handset.number) || (isUsed(handset) && handset.number !== app.config.watchNumber),
    )
  const used = new Set(there.map(({ number }) => number))
  const unused = [...names.keys()].filter((number) => !used.has(number))
  return [
    ...there,
    ...unused.map((number) => ({
      number,
      mode: 'normal' as const,
      state: 'idle' as const,
      call: null,
      lastCall: null,
      texts: [],
    })),
  ]
}

const idOf = (app: App, number: string): string => opaque(app, `telephone ${number}`)
const mailId = (app: App, mail: ReceivedMail): string => opaque(app, `e-mail ${mail.id} ${mail.to}`)

const opaque = (app: App, what: string): string =>
  createHmac('sha256', app.config.secret ?? '')
    .update(what)
    .digest('hex')
    .slice(0, 12)

const isUsed = ({ state, lastCall, texts, mode }: Handset): boolean =>
  state !== 'idle' || lastCall !== null || texts.length > 0 || mode !== 'normal'

/** 0 rings, 1 is in a call, 2 was used, 3 is quiet. */
function rankOf(handset: Handset): number {
  const { state } = handset
  if (state === 'ringing') return 0
  if (state !== 'idle') return 1
  return isUsed(handset) ? 2 : 3
}

/** What rings comes first, then what talks, then what was used last, then the quiet ones by name. */
function byAttention(a: PhoneShown, b: PhoneShown): number {
  const rank = rankOf(a.handset) - rankOf(b.handset)
  if (rank !== 0) return rank
  const used = lastUsed(b.handset).localeCompare(lastUsed(a.handset))
  return used || nameOf(a).localeCompare(nameOf(b)) || a.handset.number.localeCompare(b.handset.number)
}

const lastUsed = ({ call, lastCall, texts }: Handset): string =>
  [call?.startedAt ?? '', lastCall?.endedAt ?? '', texts[0]?.at ?? ''].sort().at(-1)!

/** Nameless telephones come last. */
const nameOf = ({ owners }: PhoneShown): string => owners[0]?.name ?? '\uffff'
