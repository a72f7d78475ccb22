// Bench / growth / pattern: one day of forty people, really lived through by the production code, whose rows are then copied for years.
// Most answer at the first ring; some at the second or third; one never does, and one asks for help: somebody is told, accepts, and says
// that all is well. So every copied row is one that CallAssist wrote. In a place without summer time, so that a day is always a day.
import type { Selectable } from 'kysely'
import { pastTables } from '../../src/db/past.ts'
import type { Tables } from '../../src/db/tables.ts'
import { readScenario, rehearse } from '../../src/rehearsal/rehearsal.ts'

/** What is set up once for each copy, in an order in which it may be written. */
export const setUpTables = ['person', 'service', 'stakeholder', 'message', 'schedule'] as const
/** What is lived through each day, in the same way. */
export const livedTables = [...pastTables].reverse()

type Name = (typeof setUpTables)[number] | (typeof livedTables)[number]
export type Pattern = {
  readonly rows: { readonly [T in Name]: readonly Selectable<Tables[T]>[] }
  /** calls in that day */
  readonly calls: number
}

/** 00:00 of the day that was lived through, UTC. */
export const livedOn = new Date('2026-06-15T00:00:00Z')

/** @param emptyDatabase is filled, and needed no more afterwards */
export async function livedDay(emptyDatabase: string): Promise<Pattern> {
  let pattern: Pattern | null = null
  await rehearse(readScenario(JSON.stringify(scenario())), {
    database: emptyDatabase,
    folder: '.',
    before: (app) =>
      app.db.everywhere(async (tx) => {
        const rows: Partial<Record<Name, unknown[]>> = {}
        for (const table of [...setUpTables, ...livedTables])
          rows[table] = await tx.sql.selectFrom(table).selectAll().execute()
        // those of the next day wait
        const calls = (rows.call as Pattern['rows']['call']).filter((call) => call.state === 'closed')
        pattern = { rows: { ...rows, call: calls } as Pattern['rows'], calls: calls.length }
      }),
  })
  return check(pattern!)
}

const people = 40
const number = (prefix: string, at: number) => `${prefix}${String(at).padStart(3, '0')}`
const receiverNumber = (at: number) => number('+441632960', at)
const contactNumber = (at: number) => number('+447700900', at)

const answers = (afterSeconds: number, ...press: { key: string; atSecond: number }[]) => ({
  answer: { afterSeconds, press },
})

function scenario() {
  const phones: Record<string, unknown[]> = {}
  for (let at = 0; at < people; at++) {
    const heard = answers(6 + (at % 12), { key: '1', atSecond: 5 + (at % 7) })
    phones[receiverNumber(at)] =
      at < 32
        ? [heard]
        : at < 36
          ? ['no-answer', heard]
          : at < 38
            ? ['busy', 'no-answer', heard]
            : at === 38
              ? ['no-answer']
              : [answers(7, { key: '9', atSecond: 6 })]
    phones[contactNumber(at)] = [answers(5, { key: '1', atSecond: 16 }, { key: '1', atSecond: 36 })]
  }
  return {
    start: '2026-06-15T00:00:00Z',
    until: '2026-06-15T23:00:00Z',
    services: Array.from({ length: people }, (_, at) => ({
      receiver: { name: `Receiver ${at}`, phones: [receiverNumber(at)], timeZone: 'Atlantic/Reykjavik' },
      schedules: [{ time: `${String(8 + (at % 12)).padStart(2, '0')}:${at % 2 === 0 ? '00' : '30'}` }],
      helpKey: '9',
      stakeholders: [
        {
          name: `Contact ${at}`,
          phone: contactNumber(at),
          roles: ['creator', 'alert receiver'],
          channels: ['call'],
        },
      ],
    })),
    phones,
  }
}

/** @throws Error when the day was not lived as it should have been: then years of it would be nonsense */
function check(pattern: Pattern): Pattern {
  const { call, alert, outgoing } = pattern.rows
  const wrong =
    call.length !== people
      ? `${call.length} calls are over, not ${people}`
      : alert.length !== 2 || alert.some(({ state }) => state !== 'closed')
        ? `alerts: ${alert.map(({ state }) => state).join(', ')}`
        : outgoing.some(({ state }) => state !== 'ended')
          ? 'something is still on its way'
          : null
  if (wrong) throw new Error(`the day to copy was lived wrongly: ${wrong}`)
  return pattern
}
