// Forecast / sweep: looks a day ahead every hour, and writes to CallAssist's own desk of a peak that would make calls late. An actor
// of the worker; several may look at once, and each peak is written about once.
import type { App } from '../app.ts'
import { enqueueEmail } from '../mail/mail.ts'
import { familiesOrganisation, watchersOf } from '../organisations/organisations.ts'
import type { Actor } from '../queue/actor.ts'
import { dayAhead, type LineAhead, tooLateMs } from './ahead.ts'
import type { Peak } from './predict.ts'
import { nextLook, noteWarning, takeLook } from './store.ts'
import { warning } from './words.ts'

const hour = 60 * 60_000

export function forecastActors(app: App): Actor[] {
  return [
    {
      name: 'forecast',
      isQuiet: true,
      async runDue(now) {
        const nextHour = new Date((Math.floor(now.getTime() / hour) + 1) * hour)
        if (!(await app.db.everywhere((tx) => takeLook(tx, now, nextHour)))) return 0
        const { lines } = await dayAhead(app)
        for (const line of lines) {
          for (const peak of line.peaks) if (isTooLate(peak)) await warn(app, line, peak)
        }
        return 1
      },
      nextAt: () => app.db.look((tx) => nextLook(tx)),
    },
  ]
}

/** A peak that has begun is past warning: the page shows it. */
const isTooLate = (peak: Peak): boolean => peak.worstLateMs > tooLateMs

async function warn(app: App, { line }: LineAhead, peak: Peak): Promise<void> {
  await app.db.in({ organisationId: familiesOrganisation }, async (tx) => {
    const now = app.clock.now()
    if (!(await noteWarning(tx, line.id, peak.from, now))) return
    app.log.warn('a peak will make calls late', { room: 'forecast', line: line.name, calls: peak.calls })
    for (const { name, email } of await watchersOf(app, tx)) {
      if (!email) continue
      await enqueueEmail(app, tx, {
        purpose: 'news',
        ownerRoom: 'forecast',
        ownerId: null,
        partId: null,
        serviceId: null,
        to: { name, address: email },
        ...warning(name, line, peak, now, `${app.config.publicUrl ?? ''}/forecast`),
        usefulUntil: peak.until,
      })
    }
  })
}
