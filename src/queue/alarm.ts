// Queue / alarm: rings the bell at an instant that is known before, because the loop alone looks only every 150 ms: too seldom for a fast
// line, and for calls that are due on the minute. A lost alarm costs that much punctuality and nothing else. Called by actors.
import type { App } from '../app.ts'

export interface Alarm {
  /** At the earliest instant of all that were set and have not come. */
  set(at: Date, now: Date): void
  clear(): void
}

export function bellAlarm(app: Pick<App, 'bell'>): Alarm {
  let set: { at: number; timer: NodeJS.Timeout } | null = null
  return {
    set(at, now) {
      if (set && set.at > now.getTime() && set.at <= at.getTime()) return
      clearTimeout(set?.timer)
      const ring = () => app.bell.ring({ work: true })
      set = { at: at.getTime(), timer: setTimeout(ring, Math.max(0, at.getTime() - now.getTime())).unref() }
    },
    clear() {
      clearTimeout(set?.timer)
      set = null
    },
  }
}
