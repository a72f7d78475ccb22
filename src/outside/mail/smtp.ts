// Outside / smtp: sends e-mail through any SMTP server, by nodemailer. Encrypted on every way that leaves this machine;
// the mail room (room.ts) is an SMTP server on this machine, so a laptop runs this same file. Called by mail/send.ts only.
import {
  createTransport,
  type SendMailOptions,
  type SMTPPoolOptions,
  type SMTPPoolSentMessageInfo,
} from 'nodemailer'
import { monotonicMs } from '../clock.ts'
import type { Email, MailSender, Posted } from './port.ts'

/** A server that answers nothing for so long is given up; the whole of one sending may take three times as long. */
const silenceMs = 10_000
const wholeMs = 30_000

export interface SmtpSender extends MailSender {
  /** Ends the open connections. A mail that is being handed over is finished first. */
  close(): void
}

/**
 * A sender for the server at `url`.
 * @param url `smtp://` (STARTTLS is demanded, except on this machine) or `smtps://`, with name and password if need be.
 *   Without a port: 587, or 465 for `smtps://`.
 * @param from the sender as in a From header, e.g. `CallAssist <calls@example.org>`
 */
export function smtpSender({ url, from }: { url: string; from: string }): SmtpSender {
  const transport = createTransport({ ...poolOptions(new URL(url)), pool: true })
  const domain = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'

  return {
    async send(email) {
      const began = monotonicMs()
      const posted = await transport.sendMail(message(email, from, domain)).then(accepted, refused)
      const tookMs = Math.round(monotonicMs() - began)
      return {
        ...posted.outcome,
        exchange: { did: `e-mail ${email.id}`, answered: withoutAddresses(posted.answered), tookMs },
      }
    },
    close: () => transport.close(),
  }
}

function poolOptions(url: URL): SMTPPoolOptions {
  const secure = url.protocol === 'smtps:'
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !local,
    ignoreTLS: !secure && local,
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
    // one at a time on this machine, so that a rehearsal's mails arrive in the order in which they were written
    maxConnections: local ? 1 : 5,
    // a mail whose connection broke is tried again by its row, later and seen by everybody, not by the pool
    maxRequeues: 0,
    idleTimeout: 60_000,
    connectionTimeout: silenceMs,
    greetingTimeout: silenceMs,
    dnsTimeout: silenceMs,
    socketTimeout: silenceMs,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

function message(email: Email, from: string, domain: string): SendMailOptions {
  return {
    from,
    to: { name: email.to.name, address: email.to.address },
    subject: email.subject,
    text: email.text,
    html: email.html,
    messageId: `<${email.id}@${domain}>`,
    // RFC 3834: no holiday note is sent in answer to a machine
    headers: { 'Auto-Submitted': 'auto-generated' },
    signal: AbortSignal.timeout(wholeMs),
  }
}

interface Outcome {
  outcome: Posted
  answered: string
}

function accepted(info: SMTPPoolSentMessageInfo): Outcome {
  return { outcome: { kind: 'sent' }, answered: info.response }
}

/**
 * RFC 5321 §4.2.1: 4yz may be tried again, 5yz may not. But only a 5yz about this address or this text condemns the mail: a
 * wrong password, a sender not allowed, a certificate or a missing STARTTLS is ours to put right while the mail waits.
 */
function refused(
  error: Error & { code?: string; command?: string; responseCode?: number; response?: string },
): Outcome {
  const aboutThisMail =
    (error.code === 'EENVELOPE' && error.command !== 'MAIL FROM') || error.code === 'EMESSAGE'
  // without a code the mail never left nodemailer: no address, or larger than the server takes
  const code = error.responseCode ?? 550
  const ours = [503, 530, 535, 538].includes(code)
  const permanent = aboutThisMail && code >= 500 && !ours
  const reason = withoutAddresses(`${error.code ?? error.name}: ${error.response ?? error.message}`)
  return { outcome: { kind: 'refused', temporary: !permanent, reason }, answered: reason }
}

/** Servers like to repeat the address; it stands in the e-mail's own row and nowhere else. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/[^\s<>@:;,]+@[^\s<>@:;,]+/g, '…').slice(0, 300)
}
