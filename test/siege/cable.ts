// Siege / cable: a wire between two processes that can be cut, slowed and held. Between everybody and PostgreSQL, the provider, the pages
// and the mail server. Knows nothing of what goes through it, but for one number (see `rewrite`).
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { join } from 'node:path'

export interface Cable {
  readonly port: number
  /** Ends every connection at once, in the middle of whatever it carries. @returns how many */
  cut(): number
  /** From now on every piece takes so many milliseconds longer, in both directions; 0: none. */
  slow(ms: number): void
  /** Nothing goes through, and nobody is told, until the returned function is called. */
  hold(): () => void
  close(): Promise<void>
}

/**
 * @param target asked at each connection
 * @param rewrite the first piece that a client sends, before it goes on
 */
export async function openCable(
  target: () => NetConnectOpts,
  rewrite: (first: Buffer) => Buffer = (first) => first,
): Promise<Cable> {
  const pairs = new Set<[Socket, Socket]>()
  let slowMs = 0
  let held: Promise<void> | null = null

  const server = createServer((client) => {
    const far = connect(target())
    const pair: [Socket, Socket] = [client, far]
    pairs.add(pair)
    for (const socket of pair) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        pairs.delete(pair)
        client.destroy()
        far.destroy()
      })
    }
    carry(client, far, rewrite)
    carry(far, client, (first) => first)
  })

  /** Piece by piece, in order. */
  function carry(from: Socket, to: Socket, atFirst: (first: Buffer) => Buffer): void {
    let turn = Promise.resolve()
    let waiting = 0
    let change: typeof atFirst | null = atFirst
    const inTurn = (deed: () => void): void => {
      if (waiting === 0 && slowMs === 0 && !held) {
        deed()
        return
      }
      waiting++
      turn = turn
        .then(wait)
        .then(deed)
        .finally(() => {
          waiting--
        })
    }
    from.on('data', (piece: Buffer) => {
      const changed = change ? change(piece) : piece
      change = null
      inTurn(() => void (to.destroyed || to.write(changed)))
    })
    from.on('end', () => inTurn(() => void to.end()))
  }

  async function wait(): Promise<void> {
    while (held) await held
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs))
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const cut = () => {
    const count = pairs.size
    for (const [client, far] of pairs) {
      client.resetAndDestroy()
      far.destroy()
    }
    return count
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    slow(ms) {
      slowMs = ms
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        if (held === promise) held = null
        resolve()
      }
    },
    close() {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Where PostgreSQL listens: a Unix socket, or a port where there are none. */
export function placeOf(connectionString: string): NetConnectOpts {
  const { hostname, port, searchParams } = new URL(connectionString)
  const folder = searchParams.get('host')
  return folder ? { path: join(folder, `.s.PGSQL.${port}`) } : { host: hostname, port: Number(port) }
}
