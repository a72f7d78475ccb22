// App: what every room is given: the clock, the database, the outside, and the rooms registered with each other.
// Built once per process by main.ts, by a rehearsal, or by a test.
import type { AlertDesk } from './calls/calls.ts'
import type { Config } from './config.ts'
import type { Db } from './db/db.ts'
import type { Log } from './kit/log.ts'
import type { OutgoingOwner, OwnerRoom, RingInDesk, TextListener } from './lines/lines.ts'
import type { Clock } from './outside/clock.ts'
import type { FileStore } from './outside/files/port.ts'
import type { MailSender } from './outside/mail/port.ts'
import type { Phones } from './outside/phone/port.ts'
import type { Bell } from './queue/bell.ts'

export interface App {
  readonly config: Config
  readonly clock: Clock
  readonly db: Db
  readonly log: Log
  readonly bell: Bell
  /** the telephone providers, by the names under which lines know them */
  readonly phones: Phones
  readonly mail: MailSender
  readonly files: FileStore
  /** The rooms that lines and mail report to. */
  readonly owners: Readonly<Record<OwnerRoom, OutgoingOwner>>
  /** Where calls raise their alerts. */
  readonly alertDesk: AlertDesk
  /** Who answers calls that come in. */
  readonly ringInDesk: RingInDesk
  /** Asked in order until one knows the sender. */
  readonly textListeners: readonly TextListener[]
}
