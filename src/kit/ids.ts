// Kit / ids: UUIDv7, whose order is the order of making, also within one millisecond of a clock that stands still.
import { v7, validate, version } from 'uuid'

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

/** The boundary between ids made before `instant` and those made from it on. */
export function idsBefore(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

/** When an id was made: its first 48 bits are milliseconds of the application's clock. Null: it is none of ours. */
export function instantOfId(id: string): Date | null {
  const made = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))
  return version(id) === 7 && made.getUTCFullYear() < 10_000 ? made : null
}
