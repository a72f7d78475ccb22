// Lines / addresses: where the provider asks and reports for one outgoing. Pure. The token in them is our proof that a call at
// the provider is ours; they hold nothing personal. Used by dispatch.ts, reconcile.ts and webhooks.ts.
import type { Config } from '../config.ts'
import type { CallbackUrls } from '../outside/phone/port.ts'
import type { Turn } from './types.ts'

type Whose = { lineId: string; token: string }

/** Without a slash at its end. On a laptop nothing but this machine reaches us. */
export function publicUrl(config: Config): string {
  return config.publicUrl ?? `http://localhost:${config.port}`
}

export function callbackUrls(config: Config, whose: Whose): CallbackUrls {
  return {
    voice: address(config, 'voice', whose),
    status: address(config, 'status', whose),
    fallback: address(config, 'fallback', whose),
    machine: address(config, 'machine', whose),
  }
}

export function textStatusUrl(config: Config, whose: Whose): string {
  return address(config, 'text-status', whose)
}

/** Where the provider tells that the file of a recording is ready. */
export function recordingUrl(config: Config, whose: Whose): string {
  return address(config, 'recording', whose)
}

/** What an answerphone is told. */
export function voicemailUrl(config: Config, whose: Whose): string {
  return address(config, 'voicemail', whose)
}

/** Where a prompt reports. The turn makes each prompt's address its own, so that a report that comes twice is known. */
export function keysUrl(config: Config, whose: Whose, turn: Turn): string {
  return `${address(config, 'keys', whose)}?keys=${turn.keys}&silences=${turn.silences}`
}

/** The turn that an address carries, or null when it carries none. */
export function turnOf(query: URLSearchParams): Turn | null {
  const [keys, silences] = [query.get('keys') ?? '', query.get('silences') ?? '']
  return /^\d{1,4}$/.test(keys) && /^\d{1,4}$/.test(silences)
    ? { keys: Number(keys), silences: Number(silences) }
    : null
}

/** Where a prompt of a call that came in reports. The turn tells a report that comes twice. */
export function ringInUrl(config: Config, line: string, token: string, turn: number): string {
  return `${publicUrl(config)}/lines/${line}/ring-in/${token}?turn=${turn}`
}

const address = (config: Config, kind: string, { lineId, token }: Whose): string =>
  `${publicUrl(config)}/lines/${lineId}/${kind}/${token}`
