// Wiring: registers the rooms with each other and lists who acts by time. The same for the running product, a rehearsal and
// a test, so that what is rehearsed is what runs.
import { alertActors, alertDesk, alertsOwner, alertTextListener } from './alerts/alerts.ts'
import type { App } from './app.ts'
import { callActors, callsOwner, callTextListener } from './calls/calls.ts'
import { forecastActors } from './forecast/forecast.ts'
import { lineActors } from './lines/lines.ts'
import { mailActors } from './mail/mail.ts'
import { optOutActors, optOutTextListener } from './optouts/optouts.ts'
import { pastActors } from './past/past.ts'
import type { Actor } from './queue/actor.ts'
import { recorderActors, recorderOwner } from './recorder/recorder.ts'
import { newsOwner, ringInActors, ringInDesk, ringInOwner } from './ringin/ringin.ts'
import { scheduleActors } from './schedules/schedules.ts'
import { verificationOwner } from './verification/verification.ts'
import { watchOwner } from './watch/watch.ts'

/** The outside of an application: everything that differs between a laptop, a server and a rehearsal. */
export type Outside = Pick<App, 'config' | 'clock' | 'db' | 'log' | 'bell' | 'phones' | 'mail' | 'files'>

export function wire(outside: Outside): App {
  return {
    ...outside,
    owners: {
      calls: callsOwner,
      alerts: alertsOwner,
      recorder: recorderOwner,
      verification: verificationOwner,
      ringin: ringInOwner,
      news: newsOwner,
      watch: watchOwner,
    },
    ringInDesk,
    textListeners: [optOutTextListener, callTextListener, alertTextListener],
    alertDesk,
  }
}

/**
 * Everybody who acts by time, in the order in which they act at one instant: what is decided goes out in the same round.
 * @param inFlight how many requests a dispatcher may have under way; 1 makes a rehearsal repeatable
 */
export function workActors(app: App, { inFlight }: { inFlight: number }): Actor[] {
  // a mail server and the provider's files are no telephone line: they are spared
  const few = Math.min(inFlight, 20)
  return [
    ...scheduleActors(app),
    ...callActors(app, { atOnce: Math.min(inFlight, 2) }),
    ...optOutActors(app),
    ...alertActors(app),
    ...recorderActors(app, { inFlight: few }),
    ...ringInActors(app),
    ...lineActors(app, { inFlight }),
    ...forecastActors(app),
    ...mailActors(app, { inFlight: few }),
    ...pastActors(app),
  ]
}
