// Setup / fill: an existing service as answers, so that it is changed on the same pages on which it was set up. Called by
// pages.tsx at the start of a change, and by finish.ts to see whether somebody else changed it meanwhile.
import { createHash } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { type Message, messagesOf } from '../messages/messages.ts'
import { nextSlotsOf, type Schedule, schedulesOf } from '../schedules/schedules.ts'
import { type ServicePlan, type Stakeholder, servicePlan, stakeholdersOf } from '../services/services.ts'
import { type Answers, type Contact, type DraftCall, emptyCall, noAnswers } from './answers.ts'

/** @throws when the organisation of `tx` has no such service */
export async function answersOf(app: App, tx: Tx, serviceId: string, creatorId: string): Promise<Answers> {
  const plan = await servicePlan(tx, serviceId)
  const people = await stakeholdersOf(tx, serviceId)
  const all = await schedulesOf(tx, serviceId)
  // a single date that is over stays as it is
  const schedules = all.filter((one) => nextSlotsOf(one, plan.timeZone, app.clock.now(), 1).length > 0)
  const messages = await messagesOf(
    tx,
    schedules.map(({ messageId }) => messageId),
  )
  const calls = schedules.map((one, place) => callOf(one, messages.get(one.messageId), String(place + 1)))
  const contacts = contactsOf(people, creatorId, calls.length)
  const empty = noAnswers(people.find(({ personId }) => personId === creatorId)?.name || null)
  const answers: Answers = {
    ...empty,
    receiver: receiverOf(plan, creatorId),
    phones: plan.phones,
    calls: calls.length > 0 ? calls : empty.calls,
    areCallsSettled: calls.length > 0,
    contacts,
    areContactsSettled: true,
    notes: plan.accessNotes ?? '',
    delivery: {
      attempts: plan.attempts,
      gapMinutes: plan.gapMinutes,
      ringSeconds: plan.ringSeconds,
      helpKey: plan.helpKey,
    },
    made: calls.length + contacts.length + 1,
  }
  return { ...answers, had: { scheduleIds: schedules.map(({ id }) => id), mark: markOf(answers) } }
}

function receiverOf({ receiverId, receiverName }: ServicePlan, creatorId: string): Answers['receiver'] {
  return receiverId === creatorId ? { isSelf: true, name: '' } : { isSelf: false, name: receiverName }
}

function callOf(schedule: Schedule, message: Message | undefined, key: string): DraftCall {
  const heard = message?.kind ?? 'preset'
  return {
    ...emptyCall(key),
    scheduleId: schedule.id,
    kind: schedule.kind,
    by: schedule.by,
    when: 'onDate' in schedule ? { date: schedule.onDate } : { days: [...schedule.days] },
    time: schedule.localTime,
    heard,
    preset: heard === 'preset' ? (message?.preset ?? null) : null,
    text: message?.spokenText ?? null,
    recordingId: message?.recording?.id ?? null,
    isKept: heard === 'recording' && message?.recording != null,
    isLater: heard === 'recording' && message?.recording == null,
  }
}

function contactsOf(people: readonly Stakeholder[], creatorId: string, made: number): Contact[] {
  const told = people.filter(({ roles }) => roles.includes('alert receiver'))
  return told.map((person, place) => {
    const isMe = person.personId === creatorId
    return {
      key: String(made + place + 1),
      personId: person.personId,
      isMe,
      name: isMe ? '' : person.name,
      phone: person.phone,
      email: isMe ? null : person.email,
      channels: person.channels,
      isTogether: place > 0 && told[place - 1]!.step === person.step,
    }
  })
}

/** Two services that stand alike have the same mark. */
function markOf(answers: Answers): string {
  return createHash('sha256').update(JSON.stringify(answers)).digest('base64url').slice(0, 16)
}
