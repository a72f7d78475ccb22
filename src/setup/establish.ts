// Setup / establish: turns what was agreed into a service with its people, messages and schedules, in one transaction.
// Used by the wizard at its end, by rehearsals and by the example: one way to set up a service.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { By, ScheduleKind, Weekday } from '../db/tables.ts'
import { createMessage } from '../messages/messages.ts'
import { createSchedule } from '../schedules/schedules.ts'
import {
  createService,
  type ServiceWanted,
  type StakeholderWanted,
  setStakeholders,
} from '../services/services.ts'

/** What is heard. `preset` of a text or a recording stands in while that is not there; a recording may come later. */
export type MessageWanted =
  | { kind: 'preset'; preset: string }
  | { kind: 'spoken'; text: string; preset?: string }
  | { kind: 'recording'; recordingId: string | null; preset?: string }

export interface ScheduleWanted {
  kind: ScheduleKind
  /** 'call' when not given */
  by?: By
  /** HH:MM, local to the receiver */
  time: string
  when: { days: Weekday[] } | { date: string }
  message: MessageWanted
}

export interface Agreed {
  service: ServiceWanted
  stakeholders: StakeholderWanted[]
  schedules: ScheduleWanted[]
}

/** @returns the id of the service, whose next calls are planned when this commits. */
export async function establish(app: App, tx: Tx, agreed: Agreed): Promise<string> {
  const serviceId = await createService(app, tx, agreed.service)
  await setStakeholders(tx, serviceId, agreed.stakeholders)
  for (const wanted of agreed.schedules) await addSchedule(app, tx, serviceId, wanted)
  return serviceId
}

export async function addSchedule(
  app: App,
  tx: Tx,
  serviceId: string,
  wanted: ScheduleWanted,
): Promise<string> {
  const messageId = await createMessage(app, tx, { serviceId, ...wanted.message })
  return createSchedule(app, tx, {
    serviceId,
    messageId,
    kind: wanted.kind,
    by: wanted.by ?? 'call',
    localTime: wanted.time,
    ...('days' in wanted.when ? { days: wanted.when.days } : { onDate: wanted.when.date }),
  })
}
