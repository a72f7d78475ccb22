// Bench / rehearsal: a day of 200 services and 600 calls, against the same command on one call; each starts a database.
import { spawnSync } from 'node:child_process'
import { inDist, inRoot } from '../places.ts'
import { type Row, said } from '../row.ts'

export const rehearsal: Row = {
  name: 'rehearsal',
  once: true,
  async measure({ isQuick }) {
    const one = rehearse('answered-first-time')
    return { one, day: isQuick ? one : rehearse('a-day-of-600-calls') }
  },
  judge: ({ one, day }) => [
    said('a rehearsal of a day of 600 calls', `${seconds(day!)}; of one call ${seconds(one!)}`),
  ],
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

function rehearse(name: string): number {
  const began = performance.now()
  const { status } = spawnSync(
    process.execPath,
    [inDist('rehearse.js'), inRoot('test', 'rehearsal', `${name}.json`), '--ledger', '/dev/null', '--quiet'],
    { stdio: 'ignore' },
  )
  if (status !== 0) throw new Error(`the rehearsal of ${name} did not run`)
  return performance.now() - began
}
