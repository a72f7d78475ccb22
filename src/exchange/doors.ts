// Exchange / doors: a port of its own for each line's provider, which is shut while the provider is down, so that a connection is truly
// refused. An actor that comes before all others: whoever asks at the very second of a fall finds the door shut. Opened by the process
// and by rehearsals; the SDK's base URL points here.
import { randomInt } from 'node:crypto'
import { StartRefusal } from '../kit/refusal.ts'
import { type Listening, listen } from '../outside/server.ts'
import type { Actor } from '../queue/actor.ts'
import type { Network } from './network.ts'
import { restApi } from './rest.ts'

export interface Doors {
  readonly actor: Actor
  /** Where the REST API of this line is. @throws when there is no such line */
  urlOf(lineName: string): string
  close(): Promise<void>
}

interface Door {
  readonly line: string
  readonly port: number
  /** null while it is shut */
  listening: Listening | null
}

/** Below what systems give away by themselves: a port that is shut for a while is still ours afterwards. */
const lowestPort = 20_000
const highestPort = 32_000
const triesAtMost = 50
const host = '127.0.0.1'

let nextPort = randomInt(lowestPort, highestPort)

export async function openDoors(network: Network): Promise<Doors> {
  const answers = new Map(network.lines.map((line) => [line.name, restApi(network, line).fetch]))
  const doors: Door[] = []
  for (const { name } of network.lines) doors.push(await firstOpen(name))
  for (const door of doors) answer(door)

  function answer(door: Door): void {
    door.listening?.answerWith((request, env) => answers.get(door.line)!(request, env as object))
  }

  /** Shut what must be shut at `now`, and open the rest. @returns how many doors were moved */
  async function keep(now: number): Promise<number> {
    let moved = 0
    for (const door of doors) {
      const isDown = network.faults.on('down', door.line, now) !== null
      if (isDown === (door.listening === null)) continue
      moved++
      if (isDown) {
        await door.listening?.close()
        door.listening = null
        network.faults.count('down')
        await connectionsNoticed()
      } else {
        door.listening = await listen(host, door.port)
        answer(door)
      }
    }
    return moved
  }

  return {
    actor: {
      name: 'exchange’s doors',
      runDue: (now) => keep(now.getTime()),
      async nextAt() {
        const at = network.faults.nextEdge('down', network.clock.now().getTime())
        return at === null ? null : new Date(at)
      },
    },
    urlOf(lineName) {
      const door = doors.find(({ line }) => line === lineName)
      if (!door) throw new Error('the exchange has no such line')
      return `http://${host}:${door.port}`
    },
    async close() {
      for (const door of doors) await door.listening?.close()
    },
  }
}

/** @throws StartRefusal when no port can be had */
async function firstOpen(line: string): Promise<Door> {
  for (let tries = 0; ; tries++) {
    const port = nextPort
    nextPort = nextPort >= highestPort ? lowestPort : nextPort + 1
    try {
      return { line, port, listening: await listen(host, port) }
    } catch (error) {
      if (!(error instanceof StartRefusal) || tries === triesAtMost) throw error
    }
  }
}

/** A customer in this very process must see that their kept connections are gone, or they would ask on a dead one. */
async function connectionsNoticed(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve))
}
