// Bench / growth / grow: years of history, for measuring only: a day that was lived through (pattern.ts) is copied to every day and to as
// many households as are needed, with new ids, dates and numbers. What is older than the living rows are goes where the past is kept, as
// if it had been moved there. It looks real and happened to nobody: never for the example, and never beside real people.
import type pg from 'pg'
import { livingSince, monthAfter, monthOf } from '../../src/db/past.ts'
import { livedOn, livedTables, type Pattern, setUpTables } from './pattern.ts'

const dayMs = 24 * 60 * 60_000

export interface GrowthWanted {
  years: number
  /** about as many: whole days of whole copies are made, and where that is too many, every so manieth day */
  calls: number
  /** the last day that was lived through is the one before this instant's, UTC */
  until: Date
  /** whose they become */
  organisationId: string
  /** after each month, with what is there by now */
  onMonth?: (month: string, calls: number) => void
}

export interface Grown {
  calls: number
  days: number
  services: number
  /** one whose every call is answered, one whose are all missed, with an alert each */
  examples: { answered: string; missed: string }
}

/**
 * Fills a migrated database, as the owner of its tables. Each month is a transaction.
 * @throws whatever PostgreSQL says: when it was grown before, that the ids are there already
 */
export async function grow(owner: pg.ClientBase, pattern: Pattern, wanted: GrowthWanted): Promise<Grown> {
  const end = Math.floor(wanted.until.getTime() / dayMs)
  const days = Math.max(1, Math.round(wanted.years * 365.25))
  const copies = Math.max(1, Math.round(wanted.calls / (days * pattern.calls)))
  const every = Math.max(1, Math.round((days * pattern.calls * copies) / wanted.calls))
  await owner.query(`set app.organisation = 'all'; set synchronous_commit = off; set timezone = 'UTC'`)
  await load(owner, pattern)
  const shape = await shapes(owner, wanted.organisationId)
  const first = end - days
  for (const table of setUpTables) {
    // set up on the first day; planned as far as the lived one was, on the last
    const day = table === 'schedule' ? end - 1 : first
    await owner.query(insert(`public.${table}`, null, shape.get(table)!, table), [[day - lived], copies])
  }
  await owner.query('update service set created_at = $1 where created_at > $1', [new Date(first * dayMs)])

  const living = Math.ceil(livingSince(wanted.until).getTime() / dayMs)
  let calls = 0
  for (let from = first; from < end; ) {
    const month = monthOf(new Date(from * dayMs))
    const monthEnd = Date.parse(`${monthAfter(month, 1)}T00:00:00Z`) / dayMs
    const isPast = from < living
    const until = Math.min(end, monthEnd, isPast ? living : end)
    const shifts = Array.from({ length: until - from }, (_, at) => from + at - lived).filter(
      (shift) => (end - 1 - lived - shift) % every === 0,
    )
    await owner.query('begin')
    if (isPast) await owner.query('select past.make_month($1)', [month])
    for (const table of livedTables) {
      const into = isPast ? `past.${table}_${month.slice(0, 7).replace('-', '_')}` : `public.${table}`
      await owner.query(insert(into, isPast ? month : null, shape.get(table)!, table), [shifts, copies])
    }
    await owner.query('commit')
    calls += shifts.length * copies * pattern.calls
    wanted.onMonth?.(month, calls)
    from = until
  }
  await owner.query('analyze')
  return {
    calls,
    days,
    services: copies * pattern.rows.service.length,
    examples: await examples(owner),
  }
}

const lived = livedOn.getTime() / dayMs

/** The rows to copy, as tables of this connection, with each id also in the three pieces of which `idOfCopy` makes another. */
async function load(owner: pg.ClientBase, pattern: Pattern): Promise<void> {
  for (const [table, rows] of Object.entries(pattern.rows)) {
    const columns = await columnsOf(owner, table)
    const pieces = columns.flatMap(({ name, type }) => {
      if (type === 'uuid') return piecesOf(`p.${name}::text`, name)
      // an event names who did it
      return name === 'event'
        ? piecesOf(`case when length(p.event ->> 'by') = 36 then p.event ->> 'by' end`, 'event_by')
        : []
    })
    await owner.query(`drop table if exists pg_temp.pattern_${table}`)
    await owner.query(
      `create temp table pattern_${table} as
       select p.*, ${pieces.join(', ')} from jsonb_populate_recordset(null::public.${table}, $1::jsonb) p`,
      [JSON.stringify(rows)],
    )
    await owner.query(`analyze pattern_${table}`)
  }
}

const piecesOf = (id: string, name: string): string =>
  `('x' || substr(replace(${id}, '-', ''), 1, 12))::bit(48)::bigint as ${name}_time,
   substr(replace(${id}, '-', ''), 13, 8) as ${name}_middle, right(${id}, 6) as ${name}_end`

/** Later by the days, and another for each copy; the rest as it was. */
const idOfCopy = (column: string, days: string): string =>
  `(lpad(to_hex((${column}_time + ${days} * 86400000::bigint) & 281474976710655), 12, '0')
    || ${column}_middle || lpad(to_hex(k), 6, '0') || ${column}_end)::uuid`

async function columnsOf(owner: pg.ClientBase, table: string): Promise<{ name: string; type: string }[]> {
  const { rows } = await owner.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [`public.${table}`],
  )
  return rows
}

/** Ids of what is set up once: the same on every day. */
const lasting =
  /^(?:id|service_id|schedule_id|message_id|receiver_id|person_id|acknowledged_by|accepted_by|closed_by|asked_by)$/

/** Of each table its columns, and what a copy has in them: `$1` are days, `$2` the number of copies, `d` and `k` one of each. */
async function shapes(
  owner: pg.ClientBase,
  organisationId: string,
): Promise<Map<string, [string, string][]>> {
  const lineId = await firstLine(owner, organisationId)
  const shape = new Map<string, [string, string][]>()
  for (const table of [...setUpTables, ...livedTables]) {
    const isSetUp = (setUpTables as readonly string[]).includes(table)
    shape.set(
      table,
      (await columnsOf(owner, table)).map(({ name, type }) => [name, copyOf(name, type, isSetUp)]),
    )
  }
  return shape

  function copyOf(name: string, type: string, isSetUp: boolean): string {
    const column = `p.${name}`
    if (name === 'organisation_id') return `'${organisationId}'::uuid`
    if (name === 'line_id') return `'${lineId}'::uuid`
    if (type === 'uuid') {
      const isLasting = isSetUp || (lasting.test(name) && name !== 'id')
      return idOfCopy(column, isLasting ? '0' : 'd')
    }
    if (type.startsWith('timestamp')) return `${column} + d * interval '1 day'`
    if (type === 'date') return `${column} + d`
    if (name === 'provider_sid') return `left(${column}, 2) || md5(${column} || d || ' ' || k)`
    if (/^(?:to_number|phone|confirmed_phone)$/.test(name)) return ofCopy(column)
    if (name === 'phones') return `array[${ofCopy(`${column}[1]`)}]`
    if (name === 'event') return eventOfCopy(column)
    return column
  }
}

/** Where CallAssist was never started there is none yet: then one like that of a first start, which takes it over by its name. */
async function firstLine(owner: pg.ClientBase, organisationId: string): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `with made as (
       insert into line (organisation_id, id, name, number, provider, calls_per_second, texts_per_second, concurrent_calls)
       select $1, '00000000-0000-7000-8000-00000000000a', 'main', '+441632960001', 'exchange', 1, 1, 50
       where not exists (select from line) returning id)
     select id from made union all (select id from line order by rank, id limit 1)`,
    [organisationId],
  )
  return rows[0]!.id
}

/** Another number of the thousand that are kept for drama. */
const ofCopy = (number: string): string =>
  `left(${number}, 10) || lpad(((right(${number}, 3)::int + k * 40) % 1000)::text, 3, '0')`

/** What an event names: who did it, and when the telephone rang. */
const eventOfCopy = (event: string): string => `case
  when ${event} ? 'rangAt' and ${event} ->> 'rangAt' is not null
    then jsonb_set(${event}, '{rangAt}', to_jsonb(to_char((${event} ->> 'rangAt')::timestamptz + d * interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
  when length(${event} ->> 'by') = 36
    then jsonb_set(${event}, '{by}', to_jsonb(${idOfCopy(`${event}_by`, '0')}))
  else ${event} end`

function insert(into: string, month: string | null, columns: [string, string][], table: string): string {
  const names = columns.map(([name]) => (name === 'by' ? '"by"' : name))
  const values = columns.map(([, value]) => value.replaceAll('p.by', 'p."by"'))
  return `insert into ${into} (${month ? 'month, ' : ''}${names.join(', ')})
    select ${month ? `'${month}'::date, ` : ''}${values.join(', ')}
    from unnest($1::int[]) d, generate_series(1, $2::int) k, pattern_${table} p`
}

async function examples(owner: pg.ClientBase): Promise<Grown['examples']> {
  const serviceWith = async (outcome: string) => {
    const { rows } = await owner.query<{ id: string }>(
      `select ${idOfCopy('service_id', '0')} as id from pattern_call, (select 1 as k) copy where outcome = $1 limit 1`,
      [outcome],
    )
    return rows[0]!.id
  }
  return { answered: await serviceWith('acknowledged'), missed: await serviceWith('missed') }
}
