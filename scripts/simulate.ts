// `npm run simulate -- [--days 20000000] [--seed 1]`: lives so many days of one person through production's machines, with faults, and prints
// what came of it as Markdown. Exit 1 when a rule broke, with the seeds that break it. Two million days take some minutes.
import { parseArgs } from 'node:util'
import { simulate, tableOf } from '../test/simulation/days/run.ts'

const { values } = parseArgs({
  // after the command's own name
  args: process.argv.slice(3),
  options: { days: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})
const [personDays, first] = [Number(values.days), Number(values.seed)]
if (!(personDays >= 1) || !Number.isInteger(first)) {
  console.error('Say how many days, and from which seed on: npm run simulate -- --days 1000000 --seed 1')
  process.exit(2)
}

let said = 0
const all = await simulate({ first, personDays }, async (soFar) => {
  const millions = Math.floor(soFar.personDays / 1_000_000)
  if (millions > said) console.error(`${millions} of ${personDays / 1_000_000} million days`)
  said = millions
})
console.log(tableOf(all))
process.exit(all.broken.length === 0 ? 0 : 1)
