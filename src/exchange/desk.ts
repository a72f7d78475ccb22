// Exchange / desk: what every route of the REST API needs besides the request: the form or query that came, the instant, and
// lists cut into pages as the official SDK walks them. Called by the rest*.ts files.
import type { Context } from 'hono'
import type { Line, Network } from './network.ts'
import { wholeIn } from './parameters.ts'
import { accountPath } from './represent.ts'

/** What every route is given besides the request. */
export interface Desk {
  readonly network: Network
  /** the one line this provider has; null: all of them */
  readonly line: Line | null
  now(): number
  /** Whether this door serves that line. */
  isMine(lineName: string): boolean
  /** The form that was sent. */
  form(context: Context): Promise<URLSearchParams>
  query(context: Context): URLSearchParams
  /** Answer with one page of a list, as the query asks. */
  page<T extends { sid: string }>(
    context: Context,
    key: string,
    items: readonly T[],
    json: (item: T) => unknown,
  ): Response
}

/** @param line the one line that is served, as by a provider of its own; null: every line */
export const createDesk = (network: Network, line: Line | null): Desk => ({
  network,
  line,
  now: () => network.clock.now().getTime(),
  isMine: (lineName) => line === null || lineName === line.name,
  form: async (context) => new URLSearchParams(await context.req.text()),
  query: (context) => new URL(context.req.url).searchParams,
  page: (context, key, items, json) => page(network, context, key, items, json),
})

function page<T extends { sid: string }>(
  network: Network,
  context: Context,
  key: string,
  items: readonly T[],
  json: (item: T) => unknown,
): Response {
  const { pathname, searchParams } = new URL(context.req.url)
  const size = wholeIn(searchParams, 'PageSize', 50, { from: 1, to: 1000, code: 20001 })
  const number = wholeIn(searchParams, 'Page', 0, { from: 0, to: 1_000_000, code: 20001 })
  // the token names the last thing of the page before, so that things new on top do not shift the pages
  const token = searchParams.get('PageToken')
  const before = token === null ? -1 : items.findIndex((item) => `PA${item.sid}` === token)
  const start = before >= 0 ? before + 1 : number * size
  const shown = items.slice(start, start + size)
  const path = pathname.slice(pathname.indexOf(accountPath(network)))
  const uri = (page: number, last?: T) => {
    const query = new URLSearchParams(searchParams)
    query.set('PageSize', String(size))
    query.set('Page', String(page))
    query.delete('PageToken')
    if (last) query.set('PageToken', `PA${last.sid}`)
    return `${path}?${query}`
  }
  const more = start + size < items.length
  return context.json({
    [key]: shown.map(json),
    page: number,
    page_size: size,
    start,
    end: Math.max(start, start + shown.length - 1),
    uri: uri(number),
    first_page_uri: uri(0),
    previous_page_uri: number === 0 ? null : uri(number - 1),
    next_page_uri: more ? uri(number + 1, shown.at(-1)) : null,
  })
}
