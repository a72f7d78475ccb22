// Exchange / watch: tells open pages that they should look again, at most ten times a second: when something changed on a telephone,
// an e-mail came or the application's bell rang, and by itself when time alone changes what is seen: the next sentence of a call,
// the next minute on the clock. Called by pages.tsx for each event stream.
import { type Clock, monotonicMs } from '../outside/clock.ts'
import type { MailRoom } from '../outside/mail/room.ts'
import type { Bell } from '../queue/bell.ts'
import type { Exchange } from './exchange.ts'

const apartMs = 100
/** A caption comes no later than this after its sentence began. */
const lookMs = 150

export interface Watched {
  clock: Clock
  bell: Bell
  exchange: Exchange
  mailRoom: MailRoom | null
}

/** @param tell called whenever the page looks different from before. @returns a function that stops it */
export function watchExchange(watched: Watched, tell: () => void): () => void {
  let toldAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let seen = look(watched)

  const send = () => {
    timer = undefined
    toldAt = monotonicMs()
    tell()
  }
  const soon = () => {
    timer ??= setTimeout(send, Math.max(0, toldAt + apartMs - monotonicMs()))
  }
  const looking = setInterval(() => {
    const now = look(watched)
    if (now !== seen) soon()
    seen = now
  }, lookMs)
  looking.unref()
  const stops = [
    watched.exchange.onChange(soon),
    watched.mailRoom?.onMail(soon) ?? (() => {}),
    watched.bell.listen(({ services }) => {
      if (services?.length) soon()
    }),
  ]
  return () => {
    clearTimeout(timer)
    clearInterval(looking)
    for (const stop of stops) stop()
  }
}

/** What time alone changes: the minute, and how many sentences each telephone has heard. */
function look({ clock, exchange }: Watched): string {
  const minute = Math.floor(clock.now().getTime() / 60_000)
  const heard = exchange.handsets().map(({ call }) => call?.captions.length ?? '')
  return `${minute} ${heard.join()}`
}
