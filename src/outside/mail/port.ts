// Outside / mail: one way out for transactional e-mail.
import type { ProviderExchange } from '../phone/port.ts'

export interface Email {
  to: { name: string; address: string }
  subject: string
  html: string
  text: string
  /** Our id of this e-mail, put into the Message-ID so that a second sending can be recognised. */
  id: string
}

export type Posted = { kind: 'sent' } | { kind: 'refused'; temporary: boolean; reason: string }

export interface MailSender {
  /** Never throws for what the mail server does; a temporary refusal may be tried again. */
  send(email: Email): Promise<Posted & { exchange?: ProviderExchange }>
}
