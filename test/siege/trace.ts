// Siege / trace: everything that happened around one broken rule, in the order of time: what the network and the mail room saw, what the
// application says of that receiver's calls and of what was on its way for them, and the blows that fell. Called by siege.ts.
import type { App } from '../../src/app.ts'
import type { LedgerEvent } from '../../src/rehearsal/ledger.ts'
import type { Scenario } from '../../src/rehearsal/scenario.ts'
import type { Struck } from './assault.ts'

const minute = 60_000
/** Before and after the instants that the rule names. */
const beforeMs = 4 * minute
const afterMs = 20 * minute
const linesAtMost = 200

interface Moment {
  at: Date
  says: string
}

/** @param what the line about the broken rule: it names a receiver or their number, and instants */
export async function trace(
  what: string,
  known: { app: App; scenario: Scenario; ledger: readonly LedgerEvent[]; struck: readonly Struck[] },
): Promise<string> {
  const receiver = receiverIn(what, known.scenario)
  const instants = [...what.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)].map(([text]) => Date.parse(text))
  if (!receiver || instants.length === 0) return ''
  const from = Math.min(...instants) - beforeMs
  const to = Math.max(...instants) + afterMs
  return [
    ...known.ledger
      .filter((e) => isOf(e, receiver))
      .map((e) => ({ at: new Date(e.at), says: JSON.stringify(e) })),
    ...(await rowsOf(known.app, receiver)),
    ...known.struck.map(({ at, name }) => ({ at, says: `BLOW ${name}` })),
  ]
    .filter(({ at }) => at.getTime() >= from && at.getTime() <= to)
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, linesAtMost)
    .map(({ at, says }) => `    ${at.toISOString().slice(5)}  ${says}`)
    .join('\n')
}

function receiverIn(what: string, { services }: Scenario): string | null {
  const named = /Receiver \d+/.exec(what)?.[0]
  const number = /\+\d{8,15}/.exec(what)?.[0]
  const owner = services.find(({ receiver }) => number && receiver.phones.includes(number))
  return named ?? owner?.receiver.name ?? null
}

const isOf = (e: LedgerEvent, receiver: string): boolean =>
  ('receiver' in e && (e.receiver === receiver || ('receivers' in e && e.receivers?.includes(receiver)))) ||
  false

/** What the application wrote down of this receiver's calls, and of each call and text on its way for them. */
async function rowsOf(app: App, receiver: string): Promise<Moment[]> {
  const ofReceiver = await app.db.look(({ sql }) =>
    sql
      .selectFrom('call as c')
      .innerJoin('service as s', 's.id', 'c.service_id')
      .innerJoin('person as p', 'p.id', 's.receiver_id')
      .where('p.name', '=', receiver)
      .select(['c.id', 'c.due_at', 'c.state', 'c.attempt', 'c.outcome', 'c.outcome_at', 'c.troubles'])
      .execute(),
  )
  // a list in SQL has one entry at least
  const ids = ['00000000-0000-0000-0000-000000000000', ...ofReceiver.map(({ id }) => id)]
  const [events, outgoings] = await app.db.look(({ sql }) =>
    Promise.all([
      sql.selectFrom('call_event').selectAll().where('call_id', 'in', ids).execute(),
      sql.selectFrom('outgoing').selectAll().where('owner_id', 'in', ids).execute(),
    ]),
  )
  const sent = [ids[0]!, ...outgoings.map(({ id }) => id)]
  const exchanges = await app.db.look(({ sql }) =>
    sql.selectFrom('provider_exchange').selectAll().where('outgoing_id', 'in', sent).execute(),
  )
  return [
    ...ofReceiver.map((call) => ({ at: call.due_at, says: `CALL ${JSON.stringify(call)}` })),
    ...events.map((event) => ({
      at: event.at,
      says: `EVENT ${event.from_state} → ${event.to_state} ${JSON.stringify(event.event)}`,
    })),
    ...outgoings.map(({ token, organisation_id, ...rest }) => ({
      at: rest.created_at,
      says: `OUTGOING ${JSON.stringify(rest)}`,
    })),
    ...exchanges.map(({ at, did, answered, took_ms, outgoing_id }) => ({
      at,
      says: `EXCHANGE ${outgoing_id} ${did}: ${answered} (${took_ms} ms)`,
    })),
  ]
}
