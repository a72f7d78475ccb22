// What must never stand in a log: everything personal or secret that a database holds, whoever put it there. Each story that runs the real
// process is looked through with it at its end (running.ts), and one is told for it alone (browser/stories/secrets.test.ts).
import pg from 'pg'

/** The columns whose values belong to somebody, or open something. A new one of these names is looked for by itself. */
const personal = [
  ...['name', 'phone', 'confirmed_phone', 'denied_phone', 'phones', 'email', 'access_notes', 'spoken_text'],
  ...[
    'number',
    'to_number',
    'from_number',
    'body',
    'token',
    'link_token',
    'to_name',
    'to_address',
    'subject',
  ],
  ...['plain', 'receiver_name', 'asker_name', 'word', 'file_key', 'pin_hash', 'code_hash'],
]
/** These hold names of ours. */
const ours = ['migration', 'line', 'organisation', 'alarm', 'heartbeat']
const notSecret = new Set(['CallAssist', 'CallAssist desk'])

/** @returns each value once: names, numbers as they are kept and as people write them, addresses, sentences, tokens */
export async function canariesOf(connectionString: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(`select set_config('app.organisation', 'all', false)`)
    const { rows: columns } = await client.query<{ place: string; column: string }>(
      `select format('%I.%I', table_schema, table_name) as place, column_name as "column"
       from information_schema.columns
       where table_schema in ('public', 'signin') and column_name = any($1) and table_name <> all($2)`,
      [personal, ours],
    )
    const found = new Set<string>()
    for (const { place, column } of columns) {
      const { rows } = await client.query<{ value: unknown }>(
        `select distinct "${column}" as value from ${place} where "${column}" is not null`,
      )
      for (const { value } of rows) for (const piece of piecesOf(value)) found.add(piece)
    }
    return found
  } finally {
    await client.end()
  }
}

function piecesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(piecesOf)
  if (typeof value !== 'string' || notSecret.has(value)) return []
  if (/^\+\d{8,}$/.test(value)) return numberAsWritten(value)
  // of long texts each sentence
  return value.length < 80 ? [value] : value.split(/[\n.]+/).filter((sentence) => sentence.trim().length > 20)
}

/** +441632960101, 01632960101, 01632 960101 */
export function numberAsWritten(e164: string): string[] {
  const national = `0${e164.slice(3)}`
  return [e164, e164.slice(1), national, `${national.slice(0, 5)} ${national.slice(5)}`]
}

/** Where any of them stands in a text, as lines of it. Short ones count as whole words only. */
export function standingIn(text: string, canaries: Iterable<string>): string[] {
  const lines = text.split('\n')
  const found: string[] = []
  for (const canary of new Set(canaries)) {
    const trimmed = canary.trim()
    if (trimmed.length < 3 || !text.includes(trimmed)) continue
    const isWord = new RegExp(
      `(?<![\\p{L}\\d])${trimmed.replaceAll(/[.*+?^${'$'}{}()|[\]\\/]/g, String.raw`\$&`)}(?![\\p{L}\\d])`,
      'u',
    )
    const line = lines.find((each) => (trimmed.length < 12 ? isWord.test(each) : each.includes(trimmed)))
    if (line !== undefined) found.push(`${trimmed} in ${line.slice(0, 300)}`)
  }
  return found
}
