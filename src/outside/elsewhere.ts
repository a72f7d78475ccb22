// Outside / elsewhere: asks an address that was told to us by somebody outside, never one of our own networks (server-side request
// forgery). Called by the telephone adapter where a provider sends us elsewhere for a recording; there is no other such address.
// Addresses that the operator has set (TWILIO_API_URL, DEAD_MAN_URL, SMTP_URL) are trusted and do not come here.
import { lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP } from 'node:net'

export interface Station {
  readonly address: string
  readonly family: 4 | 6
}

/** All addresses that a name stands for. @throws when it stands for none */
export type Resolve = (name: string) => Promise<readonly Station[]>

export interface ElsewhereGiven {
  signal: AbortSignal
  /** a larger answer is a failure */
  bytes: number
  resolve?: Resolve
  /** whether such an address may be asked; another answer than the usual one is for tests */
  mayAsk?: (url: URL, station: Station) => boolean
}

const redirectsAtMost = 3

/**
 * What stands at this address, following where it leads.
 * @throws Error for an address that may not be asked, an answer that is no success, or none
 */
export async function getFromElsewhere(address: URL, given: ElsewhereGiven): Promise<Uint8Array> {
  let url = address
  for (let hop = 0; hop <= redirectsAtMost; hop++) {
    const station = await stationOf(url, given)
    const { status, location, bytes } = await get(url, station, given)
    if (status >= 200 && status < 300) return bytes
    if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, url))
      throw new Error(`HTTP ${status} from elsewhere`)
    url = new URL(location, url)
  }
  throw new Error('sent on too often')
}

/**
 * Where to connect to. A name is looked up here, once, and the connection goes to what was found: another answer a moment later
 * ("rebinding") is not asked for. One address that may not be asked spoils them all.
 */
async function stationOf(
  url: URL,
  { resolve = resolveBySystem, mayAsk = isElsewhere }: ElsewhereGiven,
): Promise<Station> {
  if (!/^https?:$/.test(url.protocol)) throw notAsked()
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  const stations = family === 0 ? await resolve(host) : [{ address: host, family: family as 4 | 6 }]
  const [first] = stations
  if (!first || !stations.every((station) => mayAsk(url, station))) throw notAsked()
  return first
}

const notAsked = () => new Error('an address that is not asked')

const resolveBySystem: Resolve = async (name) => (await systemLookup(name, { all: true })) as Station[]

/** https at its own port, without a login, at an address that belongs to the whole internet. */
export function isElsewhere(url: URL, { address, family }: Station): boolean {
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return false
  return family === 4
    ? !special.check(address, 'ipv4')
    : unicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/** All that IANA has given away so far; everything mapped, local or for many lies outside. */
const unicast = new BlockList()
unicast.addSubnet('2000::', 3, 'ipv6')

/** IANA's registers of special addresses, of IPv4 and within 2000::/3 (RFC 6890 and what follows it). */
const special = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(net, bits, 'ipv6')

interface Came {
  status: number
  location: string | undefined
  bytes: Uint8Array
}

function get(url: URL, { address, family }: Station, { signal, bytes: most }: ElsewhereGiven): Promise<Came> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      signal,
      // a connection of its own, to the address that was judged
      agent: false,
      lookup: (_name, { all }, done) =>
        all ? done(null, [{ address, family }]) : done(null, address, family),
    })
    asking.on('error', reject)
    asking.on('response', (response) => {
      const parts: Buffer[] = []
      let length = 0
      response.on('data', (part: Buffer) => {
        length += part.length
        parts.push(part)
        if (length <= most) return
        reject(new Error(`more than ${most} bytes from elsewhere`))
        asking.destroy()
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          bytes: new Uint8Array(Buffer.concat(parts)),
        }),
      )
    })
    asking.end()
  })
}
