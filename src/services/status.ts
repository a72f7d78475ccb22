// Services / status: today in one sentence. Pure. Called by the service page and the list.
import type { AlertView } from '../alerts/alerts.ts'
import type { CallView } from '../calls/calls.ts'
import { dayAndTimeInSentence } from '../kit/words-of-time.ts'
import type { Mood } from '../web/components.tsx'
import type { IconName } from '../web/icons.tsx'
import { alertTitle, callSentence, words } from './words.ts'

export interface Today {
  mood: Mood
  icon?: IconName
  title: string
}

export interface TodayFacts {
  name: string
  zone: string
  now: Date
  /** local date of `now` */
  today: string
  /** newest first, test calls left out */
  calls: readonly CallView[]
  next: CallView | null
  /** a test call under way, or null */
  testNow: CallView | null
  /** the newest alert that nobody has closed, or null */
  alert: AlertView | null
  /** the alert of the last call, once it is closed; or null */
  settled: AlertView | null
  pausedUntil: string | null
  ended: boolean
}

/** What needs somebody comes first, then what happens now, then what was last, then what comes. */
export function today(facts: TodayFacts): Today {
  if (facts.ended) return { mood: 'quiet', title: words.ended }
  if (facts.alert) return alertTitle(facts.alert, facts.name, facts.zone)
  const open = facts.calls.find((call) => call.state !== 'closed')
  if (open) return { mood: 'waiting', icon: 'phone', title: callSentence(open, facts.name, facts.zone).says }
  if (facts.testNow)
    return {
      mood: 'waiting',
      icon: 'phone',
      title: words.testNow(callSentence(facts.testNow, facts.name, facts.zone).says),
    }
  if (facts.pausedUntil) return { mood: 'quiet', title: words.paused(facts.pausedUntil) }
  const last = facts.calls[0]
  if (last?.localDate === facts.today) return howItWent(last, facts)
  if (!facts.next) return { mood: 'quiet', title: words.noNextCall }
  return {
    mood: 'waiting',
    title: words.nextIs(
      facts.name,
      dayAndTimeInSentence(facts.next.dueAt, facts.zone, facts.now),
      facts.next.by,
    ),
  }
}

/** Of a call that went wrong it says too that somebody has seen to it since: then nobody need worry any more. */
function howItWent(last: CallView, { settled, name, zone }: TodayFacts): Today {
  if (settled && moodOf(last) === 'bad') return alertTitle(settled, name, zone)
  return { mood: moodOf(last), title: callSentence(last, name, zone).says }
}

/** When nothing was due today yet: how the last call before went. Null when the title says it already, or there was none. */
export function lastBefore(facts: TodayFacts): string | null {
  const last = facts.calls[0]
  if (facts.alert || !last || last.state !== 'closed' || last.localDate === facts.today) return null
  return words.lastTime(dayAndTimeInSentence(last.dueAt, facts.zone, facts.now), howItWent(last, facts).title)
}

/** Whether the title speaks of the next call, so that nobody reads it twice. */
export function saysNext(facts: TodayFacts): boolean {
  return (
    facts.next !== null &&
    today(facts).title ===
      words.nextIs(facts.name, dayAndTimeInSentence(facts.next.dueAt, facts.zone, facts.now), facts.next.by)
  )
}

export function moodOf(call: CallView): Mood {
  if (call.state !== 'closed') return 'waiting'
  if (call.outcome === 'acknowledged') return 'good'
  if (call.outcome === 'skipped') return 'quiet'
  if (call.outcome === 'missed' && call.acknowledgedAt) return 'attention'
  return 'bad'
}
