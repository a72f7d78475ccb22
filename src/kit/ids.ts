// Kit / ids: UUIDv7, whose order is the order of making, also within one millisecond of a clock that stands still.
import { v7, validate } from 'uuid'

let made = 0

/** A new id. `now` is the application's clock, so that ids of a rehearsal sort by its time. */
export function newId(now: Date): string {
  made = (made + 1) % 0xffffffff
  return v7({ msecs: now.getTime(), seq: made })
}

/** Whether a text from outside can be an id at all, so that the database is not asked for nonsense. */
export function isUuid(text: string): boolean {
  return validate(text)
}
