// Web / env: what every request carries. Types only.
import type { Assets } from './assets.ts'
import type { OnceMemory } from './form.ts'
import type { CspDirective } from './guard.ts'
import type { Places, Viewer } from './layout.tsx'

/** What the shell gives every request. */
export interface WebParts {
  assets: Assets
  places: Places
  practice: boolean
  helpNumber: string | null
  once: OnceMemory
}

export interface WebEnv {
  Variables: {
    web: WebParts
    /** Set by sign-in: who sees the page. */
    viewer: Viewer | null | undefined
    /** From where it comes, for limits and sign-in; null where there is no connection. Never logged. */
    address: string | null
    /** Takes a place for an event stream, and gives it back. @throws HTTPException 429 when none is left */
    streamPlace: (() => () => void) | undefined
    /** this answer may use the microphone */
    microphone: boolean | undefined
    csp: Partial<Record<CspDirective, string>> | undefined
  }
}
