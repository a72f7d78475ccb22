// Exchange / laptop: what exists only where no real telephone is connected, as the process puts it together. Types only.
import type { MailRoom } from '../outside/mail/room.ts'
import type { ClockDesk } from './clock-desk.ts'
import type { Exchange } from './exchange.ts'

export interface Laptop extends ClockDesk {
  readonly exchange: Exchange
  /** null: e-mails really go out */
  readonly mailRoom: MailRoom | null
}
