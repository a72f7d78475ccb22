// Siege / clock: the clock that all processes of a siege share (time.ts reads it), and the only place that moves it.
import { closeSync, openSync, writeSync } from 'node:fs'

export interface SharedClock {
  /** Everybody's clock goes on by so many milliseconds at once. */
  leap(ms: number): void
  close(): void
}

/** @param start what the clock shows from now on @param speed how many times as fast as the machine's it goes */
export function shareClock(file: string, start: Date, speed: number): SharedClock {
  const opened = openSync(file, 'w')
  const [seconds, nanoseconds] = process.hrtime()
  let ahead = start.getTime() - (seconds * 1000 + nanoseconds / 1e6) * speed
  const write = () => writeSync(opened, new Uint8Array(new Float64Array([ahead]).buffer), 0, 8, 0)
  write()
  return {
    leap(ms) {
      ahead += ms
      write()
    },
    close: () => closeSync(opened),
  }
}
