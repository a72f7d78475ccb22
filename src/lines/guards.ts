// Lines / guards: what keeps a line from being misused at our cost. Two locks: no number is ever asked for that the organisation may not
// ring, whatever put it into a row; and what is neither a call nor an alert is limited, so that a call or an alert never is.
//
// The limits, in one table. An *account* is the person who wishes it, or for test calls the service. Beside them each line makes so many
// of these together within a day (LINE_EXTRAS_PER_DAY). Counted are calls and texts asked for, whatever became of them, within the hour and
// the day before now.
//
//                  one number            one account
//                  an hour    a day      a day
//   test           6          20         40
//   verification   3          5          20
//   recording      6          12         20
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { type CountryCode, whyNotRung } from '../kit/phone-number.ts'
import { countriesOf, countriesOfAll } from '../organisations/organisations.ts'
import type { Asked } from '../outside/phone/port.ts'
import { firstLine } from './line/store.ts'
import { countExtras, type Outgoing } from './store.ts'
import { extraRefused, notAllowed } from './words.ts'

/** What a line does beside its work. */
export type Extra = 'test' | 'verification' | 'recording'

const limits: Readonly<
  Record<Extra, { numberPerHour: number; numberPerDay: number; accountPerDay: number }>
> = {
  test: { numberPerHour: 6, numberPerDay: 20, accountPerDay: 40 },
  verification: { numberPerHour: 3, numberPerDay: 5, accountPerDay: 20 },
  recording: { numberPerHour: 6, numberPerDay: 12, accountPerDay: 20 },
}
const hourMs = 3_600_000

export interface ExtraWanted {
  purpose: Extra
  /** E.164 */
  to: string
  /** the account: who wishes it, or for a test call the service */
  askedBy?: string
  serviceId?: string
}

/** Whether a line may do this beside its work. Never asked for a call or an alert. @returns a sentence that says why not and what to do, or null */
export async function whyNotExtra(app: App, tx: Tx, wanted: ExtraWanted): Promise<string | null> {
  const { purpose } = wanted
  const reason = whyNotRung(wanted.to, await countriesOf(tx))
  if (reason) return reason
  const now = app.clock.now().getTime()
  const since = { hour: new Date(now - hourMs), day: new Date(now - 24 * hourMs) }
  const counted = await countExtras(app, (await firstLine(tx)).id, wanted, since)
  const limit = limits[purpose]
  if (counted.numberInHour >= limit.numberPerHour)
    return extraRefused.numberInHour(purpose, limit.numberPerHour)
  if (counted.numberInDay >= limit.numberPerDay) return extraRefused.numberInDay(purpose, limit.numberPerDay)
  if (counted.accountInDay >= limit.accountPerDay)
    return extraRefused.accountInDay(purpose, limit.accountPerDay)
  if (counted.lineInDay < app.config.extrasPerDay) return null
  app.log.warn('a line has done all that it may beside its work today', { purpose })
  return extraRefused.lineInDay()
}

/** Of each: why its number may not be asked for, whoever wishes it; null where it may. */
export async function whyNotAllowed(app: App, outgoings: readonly Outgoing[]): Promise<(Asked | null)[]> {
  if (outgoings.length === 0) return []
  const organisationIds = outgoings.map(({ organisationId }) => organisationId)
  const countries = await app.db.look((tx) => countriesOfAll(tx, organisationIds))
  return outgoings.map(({ organisationId, to }) =>
    isAllowed(to, countries.get(organisationId) ?? [])
      ? null
      : {
          kind: 'refused',
          temporary: false,
          result: 'unreachable number',
          code: 'not allowed',
          reason: notAllowed,
        },
  )
}

/** So many are remembered, then all are forgotten. */
const rememberedAtMost = 10_000
const remembered = new Set<string>()

/** Remembers what it allowed, because reading a number takes longer than all else that is done here for a call. */
function isAllowed(to: string, countries: readonly CountryCode[]): boolean {
  const key = `${to} ${countries.join(' ')}`
  if (remembered.has(key)) return true
  if (whyNotRung(to, countries) !== null) return false
  if (remembered.size >= rememberedAtMost) remembered.clear()
  remembered.add(key)
  return true
}
