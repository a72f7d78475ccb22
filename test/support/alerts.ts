// Raises real alerts for tests, and plays the telephones of those who are told: the rooms are real, the line is played by
// hand, so that a test says exactly who picks up, presses or writes, and when.
//
//   const app = await alertsApp({ at: '2026-11-24T09:30:00Z' })
//   const ada = await addService(app, { stakeholders: [{ name: 'Ben' }] })
//   const alertId = await missedCall(app, ada)
//   await phone(app, 'Ben').press('1')
import { alertActors, alertDesk, alertsOwner, alertTextListener } from '../../src/alerts/alerts.ts'
import { callActors, insertCalls } from '../../src/calls/calls.ts'
import type { OrgScope } from '../../src/db/db.ts'
import type { AttemptResult } from '../../src/db/tables.ts'
import { localDateOf, localTimeOf } from '../../src/kit/local-time.ts'
import type { Ended, Heard } from '../../src/lines/lines.ts'
import type { Script, Sound, Verb } from '../../src/outside/phone/port.ts'
import { settle } from '../../src/queue/loop.ts'
import { type ServiceAdded, type TestApp, type TestAppWanted, testApp } from './app.ts'

export async function alertsApp(wanted: TestAppWanted = {}): Promise<TestApp> {
  return testApp({
    owners: { alerts: alertsOwner },
    alertDesk,
    textListeners: [alertTextListener],
    ...wanted,
  })
}

/** Everything that calls and alerts have to do by now. Nothing leaves by a line or by mail. */
export async function settleAlerts(app: TestApp): Promise<void> {
  await settle(app.clock, [...callActors(app), ...alertActors(app)])
}

/** Move the clock on minute by minute, everything done when it is due. */
export async function live(app: TestApp, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    app.pass(60)
    await settleAlerts(app)
  }
}

/** A call due now, whose every ring ends as `result`. @returns the call's id; its alert is open then */
export async function missedCall(
  app: TestApp,
  { scope, serviceId, scheduleId }: ServiceAdded,
  result: AttemptResult = 'rang out',
): Promise<string> {
  const dueAt = app.clock.now()
  const slot = {
    dueAt,
    localDate: localDateOf(dueAt, 'Europe/London'),
    localTime: localTimeOf(dueAt, 'Europe/London'),
  }
  await app.db.in(scope, (tx) =>
    insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, [slot]),
  )
  for (let ring = 0; ring < 6; ring++) {
    await settleAlerts(app)
    const call = await lastCall(app, scope, serviceId)
    if (call.state === 'closed') return call.id
    if (call.state === 'ringing') await endRing(app, scope, call.id, result)
    const after = await lastCall(app, scope, serviceId)
    const wakesInMs = (after.wake_at?.getTime() ?? 0) - app.clock.now().getTime()
    if (wakesInMs > 0) app.pass(wakesInMs / 1000)
  }
  throw new Error('the call was not missed')
}

/** An alert about a call due now, at once: several at the same instant, also side by side. @returns the alert's id */
export async function raiseAlert(
  app: TestApp,
  { scope, serviceId, scheduleId }: ServiceAdded,
  reason: 'missed' | 'not placed' | 'help requested' = 'missed',
  beforeCommit: () => Promise<void> = async () => {},
): Promise<string> {
  const dueAt = app.clock.now()
  return app.db.in(scope, async (tx) => {
    const slot = {
      dueAt,
      localDate: localDateOf(dueAt, 'Europe/London'),
      localTime: localTimeOf(dueAt, 'Europe/London'),
    }
    await insertCalls(app, tx, { serviceId, scheduleId, usefulForMinutes: 60 }, [slot])
    const { id: callId } = await tx.sql
      .updateTable('call')
      .set({ state: 'closed', outcome: reason, outcome_at: dueAt, wake_at: null })
      .where('service_id', '=', serviceId)
      .where('state', '=', 'waiting')
      .returning('id')
      .executeTakeFirstOrThrow()
    await app.alertDesk.open(app, tx, { serviceId, callId, reason })
    const alert = await tx.sql
      .selectFrom('alert_call')
      .select('alert_id')
      .where('call_id', '=', callId)
      .executeTakeFirstOrThrow()
    await beforeCommit()
    return alert.alert_id
  })
}

async function lastCall(app: TestApp, scope: OrgScope, serviceId: string) {
  return app.db.in(scope, ({ sql }) =>
    sql
      .selectFrom('call')
      .select(['id', 'state', 'wake_at'])
      .where('service_id', '=', serviceId)
      .orderBy('due_at', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow(),
  )
}

async function endRing(app: TestApp, scope: OrgScope, callId: string, result: AttemptResult): Promise<void> {
  await app.db.in(scope, async (tx) => {
    const attempt = await tx.sql
      .selectFrom('attempt')
      .select(['id', 'outgoing_id'])
      .where('call_id', '=', callId)
      .orderBy('number', 'desc')
      .executeTakeFirstOrThrow()
    await tx.sql
      .updateTable('outgoing')
      .set({ state: 'ended', rang_at: app.clock.now(), ended_at: app.clock.now(), result })
      .where('id', '=', attempt.outgoing_id)
      .execute()
    await app.owners.calls.ended(app, tx, {
      organisationId: scope.organisationId,
      outgoingId: attempt.outgoing_id,
      ownerId: callId,
      partId: attempt.id,
      kind: 'call',
      result,
      keys: '',
      rangAt: app.clock.now(),
      answeredAt: null,
      code: null,
    })
  })
}

/** Everything that was told, in order: "alert Ben call", "accepted Cara text". */
export async function toldSoFar(app: TestApp): Promise<string[]> {
  return app.db.everywhere(async ({ sql }) => {
    const rows = await sql
      .selectFrom('notification as n')
      .innerJoin('person as p', 'p.id', 'n.person_id')
      .select(['n.tells', 'p.name', 'n.channel'])
      .orderBy('n.id')
      .execute()
    return rows.map((row) => `${row.tells} ${row.name} ${row.channel}`)
  })
}

/** The last notification of somebody over a channel, with the outgoing it belongs to. */
export async function lastNotification(app: TestApp, name: string, channel: 'call' | 'text' | 'email') {
  return app.db.everywhere(({ sql }) =>
    sql
      .selectFrom('notification as n')
      .innerJoin('person as p', 'p.id', 'n.person_id')
      .leftJoin('outgoing as o', 'o.id', 'n.outgoing_id')
      .leftJoin('email as e', 'e.id', 'n.email_id')
      .selectAll('n')
      .select(['o.body', 'o.to_number', 'o.state as line_state', 'e.subject', 'e.plain', 'e.html', 'p.phone'])
      .where('p.name', '=', name)
      .where('n.channel', '=', channel)
      .orderBy('n.id', 'desc')
      .executeTakeFirstOrThrow(),
  )
}

/** The words of a script, in one string. */
export function heard(script: Script): string {
  return script
    .flatMap((verb: Verb): readonly Sound[] =>
      verb.do === 'gather'
        ? verb.sounds
        : verb.do === 'say' || verb.do === 'play' || verb.do === 'pause'
          ? [verb]
          : [],
    )
    .map((sound) => (sound.do === 'say' ? sound.text : ''))
    .join(' ')
}

/** The telephone of somebody who is told: the last call to it. */
export function phone(app: TestApp, name: string) {
  let keys = ''
  async function during<T>(work: (organisationId: string, heardSoFar: Heard) => Promise<T>): Promise<T> {
    const notification = await lastNotification(app, name, 'call')
    return work(notification.organisation_id, {
      organisationId: notification.organisation_id,
      outgoingId: notification.outgoing_id!,
      ownerId: notification.alert_id,
      partId: notification.id,
      keys,
      silences: 0,
      rangAt: null,
    })
  }
  async function mark(state: 'answered' | 'ended', outgoingId: string) {
    await app.db.everywhere(({ sql }) =>
      sql.updateTable('outgoing').set({ state }).where('id', '=', outgoingId).execute(),
    )
  }
  return {
    /** Picks up. @returns what is heard */
    answer: () =>
      during(async (organisationId, so) => {
        await mark('answered', so.outgoingId)
        return heard(await app.db.in({ organisationId }, (tx) => app.owners.alerts.answered(app, tx, so)))
      }),
    /** Presses a key while talking. @returns what is heard next */
    press: (key: string) => {
      keys += key
      return during((organisationId, so) =>
        app.db.in({ organisationId }, async (tx) => {
          await app.owners.alerts.lock(tx, so.ownerId, so.outgoingId)
          return heard(await app.owners.alerts.keyed(app, tx, so, key))
        }),
      )
    },
    /** Presses nothing. @param silences how often in a row, with this time @returns what is heard next */
    waits: (silences: number) =>
      during((organisationId, so) =>
        app.db.in({ organisationId }, async (tx) =>
          heard(await app.owners.alerts.silent(app, tx, { ...so, silences })),
        ),
      ),
    /** The call is over. */
    ends: (result: Ended['result']) =>
      during(async (organisationId, so) => {
        await mark('ended', so.outgoingId)
        const end = {
          ...so,
          kind: 'call' as const,
          result,
          rangAt: app.clock.now(),
          answeredAt: null,
          code: null,
        }
        await app.db.in({ organisationId }, (tx) => app.owners.alerts.ended(app, tx, end))
      }),
  }
}

/** A text comes in from this number. @returns what is answered, or null */
export async function textFrom(app: TestApp, from: string, body: string): Promise<string | null> {
  for (const round of ['first', 'second'] as const) {
    for (const listener of app.textListeners) {
      const text = { from, body, lineId: '00000000-0000-7000-8000-00000000000a' }
      const answer = await listener(app, text, round)
      if (answer !== null) return answer || null
    }
  }
  return null
}
