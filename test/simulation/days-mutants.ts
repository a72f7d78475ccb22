// Simulation / mutants of the days: mistakes around the machines, in the order of what is committed and what is done, in what a crash may
// lose, in leases and in who is told; and in the life of an outgoing. Each must be caught within a few worlds. Called by days.test.ts.
import type { Kind } from './days/faults.ts'
import type { Change } from './natively.ts'

export interface DaysMutant extends Change {
  wrong: string
  /** the faults that bring it to light */
  only: readonly Kind[]
}

const anyOfUs: readonly Kind[] = ['worker killed', 'worker stopped']
const one = (
  wrong: string,
  file: string,
  from: string,
  to: string,
  only: readonly Kind[] = anyOfUs,
): DaysMutant => ({ wrong, file, swaps: [[from, to]], only })
const calls = './days/calls.ts'
const alerts = './days/alerts.ts'
const lines = './days/lines.ts'
const workers = './days/workers.ts'
const web = './days/web.ts'
const machine = '../../src/lines/machine.ts'

export const daysMutants: readonly DaysMutant[] = [
  // ── crashes ──
  {
    wrong: 'the provider is asked before the claim is committed',
    file: lines,
    only: anyOfUs,
    swaps: [
      [
        '  for (const { outgoing, departsAt } of claimNext',
        '  const first = mostUrgent(line, kind, now)\n  const early = first && world.provider.ask(first, line)\n  if (!early) return\n  for (const { outgoing, departsAt } of claimNext',
      ],
      [
        'later(world, who, departsAt.getTime() - now.getTime(), () => ask(world, who, outgoing, line, claimedAtMs))',
        'later(world, who, early.tookMs, () => { who.inFlight--; saveAsked(world, who, outgoing, line, early.asked) })',
      ],
    ],
  },
  one(
    'nobody looks for what was lost on the way',
    lines,
    'for (const outgoing of awake) {',
    'for (const outgoing of awake.slice(0, 0)) {',
  ),
  one(
    'a claim never grows too old',
    lines,
    'if (world.engine.now - claimedAtMs > claimGoodForMs) {',
    'if (world.engine.now < 0) {',
    ['worker stopped'],
  ),
  one('a crash leaves half of a step', './days/world.ts', '    undo()\n', '', [
    'worker killed',
    'database restarted',
  ]),
  one(
    'a sweeper forgets what it has listed',
    './days/engine.ts',
    '      for (const row of found) note(row)\n',
    '',
  ),
  one(
    'the alert comes in a transaction of its own',
    calls,
    'openAlert(world, tx, call, effect.reason)',
    'tx.afterCommit(() => world.engine.after(5, () => inTx(world, world.web, (own) => openAlert(world, own, call, effect.reason))))',
  ),
  one(
    'a call does not hear of the end of its attempt',
    lines,
    'world.owners[outgoing.owner.room](world, tx, outgoing)',
    "if (outgoing.owner.room === 'alerts') world.owners.alerts(world, tx, outgoing)",
  ),
  one(
    'somebody is thanked before it is saved',
    web,
    '  tx.afterCommit(() => {\n    if (wasAsked',
    '  ;((now: () => void) => now())(() => {\n    if (wasAsked',
    ['web down', 'database restarted'],
  ),
  // ── rows that wake ──
  one(
    'a call that rests does not wake',
    calls,
    'isClosed ? null : state.wakeAt',
    "isClosed || state.is === 'resting' ? null : state.wakeAt",
  ),
  one(
    'a call that rings does not wake',
    calls,
    'isClosed ? null : state.wakeAt',
    "isClosed || state.is === 'ringing' ? null : state.wakeAt",
  ),
  one(
    'an accepted alert does not wake',
    alerts,
    "state.is === 'closed' ? null : state.wakeAt",
    "state.is !== 'open' ? null : state.wakeAt",
  ),
  one(
    'an alert that is due is put off',
    alerts,
    'advanceAlert(world, tx, alert, whatWakes(alert))\n      return true',
    'wakes(world, tx, alert, after(nowOf(world), 600_000))\n      return true',
  ),
  one(
    'a claimed row does not wake',
    machine,
    'claimedAt: now, wakeAt: later(now, askedWithin) }',
    'claimedAt: now, wakeAt: null }',
    ['worker killed'],
  ),
  one(
    'a text of which nothing is heard waits for ever',
    machine,
    "ended(life, 'sent', life.resultCode, now)",
    '{ ...life, wakeAt: null }',
    ['callbacks lost'],
  ),
  one(
    'the planner skips a day',
    workers,
    "tx.set(schedule, 'planAt', planned.wakeAt)",
    "tx.set(schedule, 'planAt', planned.wakeAt && after(planned.wakeAt, 30 * 3_600_000)), tx.set(schedule, 'plannedThrough', after(planned.plannedThrough, 30 * 3_600_000))",
  ),
  {
    wrong: 'a slot is planned again and again',
    file: workers,
    only: anyOfUs,
    swaps: [
      ['call.local_date === localDate && call.local_time === localTime', 'false'],
      ["tx.set(schedule, 'plannedThrough', planned.plannedThrough)", ''],
    ],
  },
  // ── asking twice ──
  one(
    'an unknown answer is asked again',
    machine,
    "  if (came.kind === 'unknown') {\n",
    "  if (came.kind === 'unknown') return to(backToWaiting(life, now, now))\n  if (came.kind === 'unknown') {\n",
    ['answers lost'],
  ),
  one(
    'a number is rung while it rings',
    lines,
    "if (kind === 'call' && (!isNumberFree(outgoing) ||",
    "if (kind === 'call' && (",
    ['everything down', 'provider down'],
  ),
  {
    wrong: 'what is of no use any more goes out',
    file: lines,
    only: ['everything down', 'provider down'],
    swaps: [
      ['if (life.usefulUntil <= now) work.expired = true\n      else if', 'if'],
      ['life.notBefore > now || life.usefulUntil <= now) continue', 'life.notBefore > now) continue'],
    ],
  },
  one(
    'the line keeps no pace',
    lines,
    "    tx.set(line, kind === 'call' ? 'nextCallAt' : 'nextTextAt', nextAfter(claimed.length))\n",
    '',
  ),
  one('a call that is over rings on', calls, '      cancelOutgoing(world, tx, attempt.outgoing)\n', '', [
    'requests refused',
    'provider down',
  ]),
  one(
    'a late call is not put down',
    machine,
    "life.state === 'ended' && life.sid !== event.sid && event.state.kind !== 'ended'",
    'false',
    ['calls queued', 'callbacks delayed', 'brown-out'],
  ),
  {
    wrong: 'a search finds the calls of before',
    file: lines,
    only: ['answers lost', 'callbacks lost'],
    swaps: [
      ['calls.filter(({ sid }) => !known.has(sid))', 'calls.slice(0, 1)'],
      ['-clocksDifferMs)', '-20 * 3_600_000)'],
    ],
  },
  // ── alerts ──
  one(
    'after an outage each call alarms anew',
    alerts,
    "if (reason === 'help requested') return false",
    'if (world.made > 0) return false',
    ['everything down'],
  ),
  one(
    'a call joins an alert that does not know of it',
    alerts,
    '  tx.add(call.alerts, alert)\n  tx.add(alert.calls, call)\n',
    '  tx.add(alert.calls, call)\n',
    ['everything down'],
  ),
  one(
    'a call that is joined does not tell of it',
    alerts,
    'if (outgoing) tx.add(outgoing.members, notification)',
    'if (outgoing && !joined) tx.add(outgoing.members, notification)',
  ),
  {
    wrong: 'a call that talks already is joined',
    file: alerts,
    only: ['provider down', 'everything down'],
    swaps: [
      ["life.state === 'answered' || life.state === 'ended') return []", "life.state === 'ended') return []"],
      ["    life.state === 'ringing'\n", "    life.state === 'ringing' || life.state === 'answered'\n"],
    ],
  },
  one(
    'who takes one alert calls off the others',
    alerts,
    'if (!outgoing.members.some(({ endedAt }) => endedAt === null)) cancelOutgoing',
    'cancelOutgoing',
    ['everything down', 'provider down'],
  ),
  one(
    'the end of a shared call ends one alert’s',
    alerts,
    'for (const one of unended.length > 0 ? unended : members)',
    'for (const one of unended.slice(0, 1))',
  ),
  one('what moves to another line is lost', lines, '        waitsAt(world, tx, outgoing, refuge)\n', '', [
    'provider down',
  ]),
]
