// Web / address: from where a request comes, behind however many proxies of ours. Pure but for reading the request. For limits and for
// sign-in, whose library keeps it with a session; never logged. Called by limits.ts, once for each request.
import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/**
 * @param hops how many proxies of ours stand before us (TRUST_PROXY). Each adds to X-Forwarded-For, at its end, whom it was asked by;
 *   what stands before those was written by whoever asked, and is not believed
 * @returns as `network` has it; null where there is no connection, as in tests
 */
export function addressOf(c: Context, hops: number): string | null {
  const peer = peerOf(c)
  return peer === null ? null : addressBehind(peer, c.req.header('x-forwarded-for') ?? '', hops)
}

export function addressBehind(peer: string, forwarded: string, hops: number): string {
  const stations = forwarded.split(',').map((each) => each.trim())
  const chain = [...stations.filter((each) => each !== ''), peer]
  const chosen = chain[Math.max(0, chain.length - 1 - hops)]!
  return network(chosen) ?? network(peer) ?? peer
}

/** Somebody on this very machine, who came through no proxy. */
export function isThisMachine(c: Context): boolean {
  const peer = network(peerOf(c) ?? '')
  const isLocal = peer !== null && (peer.startsWith('127.') || peer === network('::1'))
  return isLocal && c.req.header('x-forwarded-for') === undefined
}

/** Whether it comes from our own network and says on whose behalf: a proxy. Anybody else might only claim to be one. */
export function cameByProxy(c: Context): boolean {
  const peer = peerOf(c)
  return c.req.header('x-forwarded-for') !== undefined && peer !== null && isPrivate(peer)
}

const isPrivate = (peer: string): boolean =>
  /^(::ffff:)?(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.|^::1$|^f[cd]/i.test(peer)

function peerOf(c: Context): string | null {
  try {
    return getConnInfo(c).remote.address ?? null
  } catch {
    return null
  }
}

/**
 * An IPv4 address as it is, also where it is written as IPv6; of an IPv6 address its first 64 bits, because whoever has one has all of
 * those (RFC 6177), as an address. Without port, brackets or zone. Null for what is no address.
 */
export function network(written: string): string | null {
  const bare = written.replace(/^\[([^\]]*)\](:\d+)?$/, '$1').replace(/%.*$/, '')
  const address = isIP(bare) === 0 ? bare.replace(/:\d+$/, '') : bare
  if (isIP(address) === 4) return address
  if (isIP(address) === 0) return null
  const groups = groupsOf(address)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::`
}

/** The eight groups of an IPv6 address. The parser of addresses writes IPv4 at the end as two groups. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const numbers = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [before, after] = [numbers(head), numbers(tail ?? '')]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}
