// Exchange / playing: what a telephone hears, from which instant to which. A sentence counts as heard when its playing had begun.
// Called by speaking.ts and life.ts, read by handsets.ts.
import type { Leg, Played } from './network.ts'

export function startPlaying(leg: Leg, played: Played): void {
  leg.playing = played
  leg.played.push(played)
}

/** Stop what sounds now, if anything, and write into the ledger what of it was heard. */
export function stopPlaying(leg: Leg, at: number): void {
  const { playing } = leg
  if (!playing) return
  leg.playing = null
  playing.stoppedAt = at
  leg.ring?.heard.push(...heardOf(playing, at))
}

/** The sentences of `played` whose playing had begun before `at`. */
export function heardOf(played: Played, at: number): string[] {
  const until = Math.min(at, played.stoppedAt ?? at)
  return played.sentences.filter(({ fromMs }) => played.startedAt + fromMs < until).map(({ text }) => text)
}
