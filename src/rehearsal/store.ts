// Rehearsal / store: reads what the application says of the calls and alerts of a rehearsal, and lays it beside what the exchange
// and the mail room saw. Reads only.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { ScheduleKind, Way } from '../db/tables.ts'
import type { Exchange, LedgerEntry } from '../exchange/exchange.ts'
import type { MailRoom } from '../outside/mail/room.ts'
import type {
  AlertEvent,
  EmailEvent,
  LedgerEvent,
  OutcomeEvent,
  RingEvent,
  TextEvent,
  TextInEvent,
} from './ledger.ts'
import type { People } from './run.ts'

/** Every event of a rehearsal, in no order. */
export async function whatHappened(
  app: App,
  seen: { exchange: Exchange; mailRoom: MailRoom; people: People },
): Promise<LedgerEvent[]> {
  const ours = await outgoings(app)
  return [
    ...seen.exchange.ledger.entries().map((entry) => fromExchange(entry, ours, seen.people)),
    ...(await emails(app, seen.mailRoom, seen.people)),
    ...(await outcomes(app)),
    ...(await alerts(app)),
  ]
}

/** What the first schedule of a service plays. @throws when it has none */
export async function firstMessage(
  tx: Tx,
  serviceId: string,
): Promise<{ messageId: string; kind: ScheduleKind }> {
  const row = await tx.sql
    .selectFrom('schedule')
    .select(['message_id', 'kind'])
    .where('service_id', '=', serviceId)
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow()
  return { messageId: row.message_id, kind: row.kind }
}

/** How many calls fell due up to and including `until`. */
export async function callsDue(app: App, until: Date): Promise<number> {
  return app.db.look(async ({ sql }) => {
    const row = await sql
      .selectFrom('call')
      .select((e) => e.fn.countAll<string>().as('n'))
      .where('due_at', '<=', until)
      .where('schedule_id', 'is not', null)
      .executeTakeFirstOrThrow()
    return Number(row.n)
  })
}

interface Ours {
  purpose: RingEvent['purpose']
  receiver: string | null
  /** of an alert about several: all of them */
  receivers: string[]
  attempt: number | null
}

/** By our token in the callback addresses. */
async function outgoings(app: App): Promise<Map<string, Ours>> {
  return app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('outgoing as o')
      .leftJoin('service as s', (on) =>
        on.onRef('s.organisation_id', '=', 'o.organisation_id').onRef('s.id', '=', 'o.service_id'),
      )
      .leftJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .leftJoin('attempt as a', (on) =>
        on.onRef('a.organisation_id', '=', 'o.organisation_id').onRef('a.id', '=', 'o.part_id'),
      )
      .select(['o.id', 'o.token', 'o.purpose', 'p.name', 'a.number'])
      .execute()
    const told = await receiversTold(app)
    return new Map(
      rows.map((row) => [
        row.token,
        {
          purpose: row.purpose,
          receiver: row.name,
          receivers: told.get(row.id) ?? [],
          attempt: row.number,
        },
      ]),
    )
  })
}

/** About whom each call and text of an alert was, in the order in which they were told. */
async function receiversTold(app: App): Promise<Map<string, string[]>> {
  return app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('notification as n')
      .innerJoin('alert as a', (on) =>
        on.onRef('a.organisation_id', '=', 'n.organisation_id').onRef('a.id', '=', 'n.alert_id'),
      )
      .innerJoin('service as s', (on) =>
        on.onRef('s.organisation_id', '=', 'a.organisation_id').onRef('s.id', '=', 'a.service_id'),
      )
      .innerJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .select(['n.outgoing_id', 'p.name'])
      .where('n.outgoing_id', 'is not', null)
      .orderBy('n.id')
      .execute()
    const told = Map.groupBy(rows, (row) => row.outgoing_id!)
    return new Map([...told].map(([id, of]) => [id, [...new Set(of.map(({ name }) => name))]]))
  })
}

/** Only where there are several: everything else is about one. */
const several = (known: Ours | undefined): { receivers?: string[] } =>
  known && known.receivers.length > 1 ? { receivers: known.receivers } : {}

/** The last id in an address of ours: `/lines/LINE/status/TOKEN`, `/recordings/ID/…`. */
const tokenIn = (url: string | null) =>
  url?.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)?.at(-1) ?? ''

function fromExchange(
  entry: LedgerEntry,
  ours: Map<string, Ours>,
  people: People,
): RingEvent | TextEvent | TextInEvent {
  if (entry.kind === 'text in')
    return { event: 'text in', at: entry.at, line: entry.lineName, from: entry.from, body: entry.body }
  if (entry.kind === 'text') {
    const known = ours.get(tokenIn(entry.statusUrl))
    const to = people.byNumber.get(entry.to) ?? null
    // an answer to a text in is no outgoing of ours: it goes back the way it came
    return {
      event: 'text',
      at: entry.at,
      line: entry.lineName,
      to: entry.to,
      for: to,
      purpose: known?.purpose ?? 'alert',
      receiver: known?.receiver ?? null,
      ...several(known),
      ...(known?.attempt && { attempt: known.attempt }),
      body: entry.body,
    }
  }
  const known = ours.get(tokenIn(entry.statusUrl ?? entry.voiceUrl))
  const isIn = entry.way === 'in'
  return {
    event: 'ring',
    at: entry.at,
    line: entry.lineName,
    from: entry.from,
    to: entry.to,
    for: people.byNumber.get(isIn ? entry.from : entry.to) ?? null,
    purpose: isIn ? 'ring-in' : (known?.purpose ?? 'call'),
    // who rings in for a call of theirs is whom it is about
    receiver: isIn ? (people.receiverAt.get(entry.from) ?? null) : (known?.receiver ?? null),
    ...several(known),
    attempt: known?.attempt ?? null,
    result: entry.result ?? 'no-answer',
    answeredAt: entry.answeredAt,
    endedAt: entry.endedAt,
    keys: entry.keys.map(({ key }) => key),
    heard: entry.heard.map((sentence) => named(sentence, people)),
  }
}

/** The exchange knows a recording by its address; the ledger names the scenario's file. */
function named(sentence: string, people: People): string {
  if (!sentence.startsWith('recording:')) return sentence
  return `recording:${people.recordings.get(tokenIn(sentence)) ?? 'by telephone'}`
}

async function emails(app: App, mailRoom: MailRoom, people: People): Promise<EmailEvent[]> {
  const sent = await app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('email as e')
      .leftJoin('service as s', (on) =>
        on.onRef('s.organisation_id', '=', 'e.organisation_id').onRef('s.id', '=', 'e.service_id'),
      )
      .leftJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .select(['e.id', 'e.purpose', 'p.name'])
      .execute()
    return new Map(rows.map((row) => [row.id, row]))
  })
  return mailRoom.mails().map((mail) => ({
    event: 'email',
    at: mail.at.toISOString(),
    to: mail.to,
    for: people.byAddress.get(mail.to) ?? mail.toName,
    purpose: sent.get(mail.id)?.purpose ?? 'alert',
    receiver: sent.get(mail.id)?.name ?? null,
    subject: mail.subject,
  }))
}

/** An attempt's result in the ledger's words. */
const ledgerWords: Record<Way, Record<string, string>> = {
  call: {
    acknowledged: 'answered',
    'help requested': 'answered',
    'answered without a key': 'answered',
    'rang out': 'no-answer',
    'unreachable number': 'unreachable',
  },
  text: { acknowledged: 'reply', 'help requested': 'reply', 'unreachable number': 'not delivered' },
}

async function outcomes(app: App): Promise<OutcomeEvent[]> {
  return app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('call as c')
      .innerJoin('service as s', (on) =>
        on.onRef('s.organisation_id', '=', 'c.organisation_id').onRef('s.id', '=', 'c.service_id'),
      )
      .innerJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .select(['c.id', 'c.organisation_id', 'p.name', 'c.due_at', 'c.outcome', 'c.outcome_at'])
      .where('c.outcome', 'is not', null)
      // a test, or help asked for by ringing in, is no slot of a schedule
      .where('c.schedule_id', 'is not', null)
      .orderBy('c.id')
      .execute()
    const attempts = await sql
      .selectFrom('attempt')
      .select(['call_id', 'way', 'result'])
      .orderBy('number')
      .execute()
    const byCall = Map.groupBy(attempts, (attempt) => attempt.call_id)
    return rows.map((row) => ({
      event: 'outcome',
      at: row.outcome_at!.toISOString(),
      receiver: row.name,
      dueAt: row.due_at.toISOString(),
      outcome: row.outcome!,
      attempts: (byCall.get(row.id) ?? []).map(
        ({ way, result }) => ledgerWords[way][result ?? ''] ?? result ?? 'under way',
      ),
    }))
  })
}

async function alerts(app: App): Promise<AlertEvent[]> {
  return app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('alert_event as e')
      .innerJoin('alert as a', (on) =>
        on.onRef('a.organisation_id', '=', 'e.organisation_id').onRef('a.id', '=', 'e.alert_id'),
      )
      .innerJoin('call as c', (on) =>
        on.onRef('c.organisation_id', '=', 'a.organisation_id').onRef('c.id', '=', 'a.call_id'),
      )
      .innerJoin('service as s', (on) =>
        on.onRef('s.organisation_id', '=', 'a.organisation_id').onRef('s.id', '=', 'a.service_id'),
      )
      .innerJoin('person as p', (on) =>
        on.onRef('p.organisation_id', '=', 's.organisation_id').onRef('p.id', '=', 's.receiver_id'),
      )
      .leftJoin('person as by', (on) =>
        on.onRef('by.organisation_id', '=', 'a.organisation_id').onRef('by.id', '=', 'a.accepted_by'),
      )
      .select([
        'e.id',
        'e.alert_id',
        'e.at',
        'e.from_state',
        'e.to_state',
        'a.reason',
        'p.name',
        'c.due_at',
        'by.name as acceptor',
      ])
      .orderBy('e.id')
      .execute()
    const calls = await callsOfAlerts(app)
    return rows
      .filter((row) => row.from_state !== row.to_state)
      .map((row) => ({
        event: 'alert',
        at: row.at.toISOString(),
        receiver: row.name,
        dueAt: row.due_at.toISOString(),
        ...(calls.get(row.alert_id)!.length > 1 && { calls: calls.get(row.alert_id)! }),
        state: row.to_state as AlertEvent['state'],
        reason: row.reason,
        ...(row.to_state === 'accepted' && row.acceptor && { by: row.acceptor }),
      }))
  })
}

/** By alert: when each of its calls was due, in order. */
async function callsOfAlerts(app: App): Promise<Map<string, string[]>> {
  return app.db.look(async ({ sql }) => {
    const rows = await sql
      .selectFrom('alert_call as j')
      .innerJoin('call as c', (on) =>
        on.onRef('c.organisation_id', '=', 'j.organisation_id').onRef('c.id', '=', 'j.call_id'),
      )
      .select(['j.alert_id', 'c.due_at'])
      .orderBy('c.due_at')
      .execute()
    const byAlert = Map.groupBy(rows, (row) => row.alert_id)
    return new Map([...byAlert].map(([id, of]) => [id, of.map(({ due_at }) => due_at.toISOString())]))
  })
}
