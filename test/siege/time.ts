// Siege / time: makes a whole process live faster. Loaded before anything else (`node --import`), into the built product as it is, so that
// nothing in CallAssist knows of it. Everything that tells or waits for time follows one clock that all processes of a siege share: dates,
// the monotonic clock, timers and the time-outs of sockets. A process so hurried is a process on a machine that is as many times slower.
//
// The shared clock is a file of eight bytes: how far it is ahead of the machine's monotonic clock, times SIEGE_SPEED. clock.ts moves it.
import { openSync, readSync } from 'node:fs'
import { Socket } from 'node:net'

const speed = Number(process.env.SIEGE_SPEED)
const file = openSync(process.env.SIEGE_CLOCK ?? '', 'r')
const ahead = new Float64Array(1)
/** Timers shorter than this, in real milliseconds, stay as they are: a loop that looked 66 times a second would only heat the machine. */
const shortestMs = 40

function now(): number {
  readSync(file, ahead, 0, 8, 0)
  const [seconds, nanoseconds] = process.hrtime()
  return Math.floor((seconds * 1000 + nanoseconds / 1e6) * speed + ahead[0]!)
}

const real = (ms: number): number => Math.max(0, ms / speed, Math.min(ms, shortestMs))

const began = now()
Date.now = now
performance.now = () => now() - began
globalThis.Date = new Proxy(Date, {
  construct: (target, given: unknown[], asked) =>
    Reflect.construct(target, given.length > 0 ? given : [now()], asked) as Date,
})

const { setTimeout: timeout, setInterval: interval } = globalThis
globalThis.setTimeout = Object.assign(
  (run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) =>
    timeout(run, real(ms ?? 0), ...given),
  timeout,
) as typeof setTimeout
globalThis.setInterval = Object.assign(
  (run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) =>
    interval(run, real(ms ?? 0), ...given),
  interval,
) as typeof setInterval
const abortAfter = AbortSignal.timeout.bind(AbortSignal)
AbortSignal.timeout = (ms) => abortAfter(Math.ceil(real(ms)))
const { setTimeout: socketTimeout } = Socket.prototype
Socket.prototype.setTimeout = function (ms, callback) {
  return socketTimeout.call(this, real(ms), callback)
}

// a siege that is gone leaves nobody behind
if (process.channel) {
  process.channel.unref()
  process.on('disconnect', () => process.exit(1))
}
