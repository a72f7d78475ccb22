// Bench / exchange process: the exchange in a process of its own, as the provider of one line without limits. Its telephones answer at
// once, press a key and hang up. Answers with the address of its REST API.
import { createExchange, estimatedVoice } from '../src/exchange/exchange.ts'
import { systemClock } from '../src/outside/clock.ts'
import { localBell } from '../src/queue/bell.ts'
import { startLoop } from '../src/queue/loop.ts'
import { taskOf } from './child.ts'
import { onlyTrouble } from './world.ts'

export interface ExchangeTask {
  account: { sid: string; authToken: string }
  lineNumber: string
  numbers: readonly string[]
}

const answers = { answer: { afterSeconds: 0, press: [{ key: '1', atSecond: 0.2 }], hangUpAtSecond: 0.5 } }
const unlimited = { callsPerSecond: 1_000_000, textsPerSecond: 1_000_000, concurrentCalls: 1_000_000 }

const { account, lineNumber, numbers } = await taskOf<ExchangeTask>()
const clock = systemClock()
const bell = localBell()
const exchange = createExchange({
  clock,
  log: onlyTrouble,
  account,
  lines: [{ name: 'main', number: lineNumber, ...unlimited }],
  seed: 1,
  voice: estimatedVoice(),
  phones: Object.fromEntries(numbers.map((number) => [number, [answers]])),
})
const doors = await exchange.openDoors()
exchange.onSooner(() => bell.ring({ work: true }))
startLoop({ clock, bell, log: onlyTrouble }, [exchange.actor])
process.send!(doors.urlOf('main'))
