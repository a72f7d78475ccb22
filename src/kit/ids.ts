// Kit / ids: UUIDv7, whose order is the order of making, also within one millisecond of a clock that stands still.
import { v7 } from 'uuid'

let made = 0

/** A new id. `now` is the application's clock, so that ids of a rehearsal sort by its time. */
export function newId(now: Date): string {
  made = (made + 1) % 0xffffffff
  return v7({ msecs: now.getTime(), seq: made })
}
