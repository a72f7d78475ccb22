// Exchange / sounds shown: what a telephone sounds like at this instant, for the island that plays it. Pure. Called by
// phone-card.tsx; read by src/web/islands/exchange-sound.ts.
import type { HandsetCall } from './exchange.ts'

/** A sound for the page: what it is called, where it is, how long ago it began (ms), and whether it was broken off. */
export type SoundShown = [key: string, url: string, agoMs: number, isBrokenOff: boolean]

/** A page is a little late with every sound, so it finishes one that came to its end by itself. */
const tailMs = 2000
/** The end of a sound is noted to the millisecond; this much earlier counts as broken off. */
const cutMs = 50

/** What sounds now or did a moment ago, in order. */
export function soundsOf(call: HandsetCall | null, now: Date): SoundShown[] {
  const shown: SoundShown[] = []
  for (const { id, url, startedAt, stoppedAt, durationMs } of call?.audio ?? []) {
    const began = new Date(startedAt).getTime()
    const ended = stoppedAt === null ? began + durationMs : new Date(stoppedAt).getTime()
    if (ended > now.getTime() - tailMs)
      shown.push([`${id} ${startedAt}`, url, now.getTime() - began, ended < began + durationMs - cutMs])
  }
  return shown
}
