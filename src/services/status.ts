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
  /** the newest alert that nobody has closed, or null */
  alert: AlertView | null
  pausedUntil: string | null
  ended: boolean
}

/** What needs somebody comes first, then what happens now, then what was last, then what comes. */
export function today(facts: TodayFacts): Today {
  if (facts.ended) return { mood: 'quiet', title: words.ended }
  if (facts.alert) return alertTitle(facts.alert, facts.name, facts.zone)
  const open = facts.calls.find((call) => call.state !== 'closed')
  if (open) return { mood: 'waiting', icon: 'phone', title: callSentence(open, facts.name, facts.zone).says }
  if (facts.pausedUntil) return { mood: 'quiet', title: words.paused(facts.pausedUntil) }
  const last = facts.calls.find((call) => call.localDate === facts.today)
  if (last) return { mood: moodOf(last), title: callSentence(last, facts.name, facts.zone).says }
  if (facts.next) return { mood: 'waiting', title: words.nextIs(dayAndTimeInSentence(facts.next.dueAt, facts.zone, facts.now)) }
  return { mood: 'quiet', title: words.noNextCall }
}

export function moodOf(call: CallView): Mood {
  if (call.state !== 'closed') return 'waiting'
  if (call.outcome === 'acknowledged') return 'good'
  if (call.outcome === 'skipped') return 'quiet'
  if (call.outcome === 'missed' && call.acknowledgedAt) return 'attention'
  return 'bad'
}
