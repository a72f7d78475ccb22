// The bell between processes: while the database is away it tries again once at a time, and it is heard when the database is back.
import { expect, onTestFinished, test, vi } from 'vitest'
import { openCable, placeOf } from '../../test/siege/cable.ts'
import { freshDatabase } from '../../test/support/database.ts'
import { silentLog } from '../kit/log.ts'
import { type Bell, databaseBell } from './bell.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await turn()
}

const heard = (bell: Bell) =>
  new Promise<void>((resolve) => {
    const unlisten = bell.listen(() => {
      unlisten()
      resolve()
    })
  })

test('a database that is away is tried once at a time, and once it is back the bell rings', async () => {
  const database = await freshDatabase()
  onTestFinished(() => database.drop())
  let tries = 0
  let isAway = false
  const cable = await openCable(() => {
    tries++
    // nobody listens at port 1
    return isAway ? { host: '127.0.0.1', port: 1 } : placeOf(database.connectionString)
  })
  onTestFinished(() => cable.close())
  const through = new URL(database.connectionString)
  through.host = `127.0.0.1:${cable.port}`
  through.searchParams.delete('host')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const bell = await databaseBell(through.href, silentLog)
  onTestFinished(() => bell.close())
  expect(tries).toBe(1)

  isAway = true
  cable.cut()
  for (let round = 1; round <= 6; round++) {
    await until(() => vi.getTimerCount() > 0)
    // whatever else would want to try has had its turn
    for (let turns = 0; turns < 50; turns++) await turn()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(500)
    await until(() => tries === round + 1)
  }

  await until(() => vi.getTimerCount() > 0)
  isAway = false
  const rung = heard(bell)
  vi.advanceTimersByTime(500)
  await rung
  expect(tries).toBe(8)
})

test('what rings while a ring is on its way goes with the next, and nothing is lost', async () => {
  const database = await freshDatabase()
  onTestFinished(() => database.drop())
  const [one, other] = [
    await databaseBell(database.connectionString, silentLog),
    await databaseBell(database.connectionString, silentLog),
  ]
  onTestFinished(async () => {
    await one.close()
    await other.close()
  })
  const services = new Set<string>()
  let rings = 0
  other.listen((change) => {
    rings++
    for (const service of change.services ?? []) services.add(service)
  })
  const all = Array.from({ length: 60 }, (_, place) => `service ${place}`)
  for (const service of all) {
    one.ring({ services: [service] })
    await turn()
  }
  await until(() => services.size === all.length)
  expect([...services].toSorted()).toEqual(all.toSorted())
  expect(rings).toBeLessThan(all.length)
})
