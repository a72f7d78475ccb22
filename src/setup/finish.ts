// Setup / finish: makes true what was answered: a new service, or the changes of an existing one, whole or not at all.
// Called by pages.tsx within the transaction that also marks the set-up as finished.
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import type { Role } from '../db/tables.ts'
import { createMessage, type Message, messagesOf } from '../messages/messages.ts'
import { changePerson, createPerson, personById, replacePerson } from '../people/people.ts'
import { changeSchedule, endSchedule, type Schedule, schedulesOf } from '../schedules/schedules.ts'
import {
  changeService,
  type ServiceWanted,
  type Stakeholder,
  type StakeholderWanted,
  servicePlan,
  setStakeholders,
  stakeholdersOf,
} from '../services/services.ts'
import { type Answers, type Contact, type DraftCall, nameOf, stepsOf, timingOf, waysOf } from './answers.ts'
import { addSchedule, establish, type MessageWanted, type ScheduleWanted } from './establish.ts'
import { enqueueSummary } from './mail.ts'
import type { Asking } from './step.tsx'
import { standInOf } from './steps/message.tsx'
import { isElsewhere, type SetupRow, saveSetup } from './store.ts'

/** @throws when an answer is missing: the pages do not let that happen */
export async function finish(
  app: App,
  tx: Tx,
  setup: SetupRow,
  answers: Answers,
  asking: Asking,
): Promise<string> {
  const isChange = setup.serviceId !== null
  const serviceId = setup.serviceId
    ? await change(app, tx, setup.serviceId, answers, asking)
    : await begin(app, tx, answers, asking)
  await saveSetup(app, tx, setup.id, answers, { serviceId })
  await enqueueSummary(app, tx, { setupId: setup.id, serviceId, answers, asking, isChange })
  tx.afterCommit(() => app.bell.ring({ work: true, services: [serviceId] }))
  return serviceId
}

async function begin(app: App, tx: Tx, answers: Answers, asking: Asking): Promise<string> {
  const receiverId = await receiver(app, tx, answers, asking, null)
  return establish(app, tx, {
    service: serviceWanted(answers, asking, receiverId),
    stakeholders: await stakeholders(app, tx, answers, asking, receiverId, []),
    schedules: answers.calls.map(scheduleWanted),
  })
}

async function change(
  app: App,
  tx: Tx,
  serviceId: string,
  answers: Answers,
  asking: Asking,
): Promise<string> {
  const before = await servicePlan(tx, serviceId)
  const people = await stakeholdersOf(tx, serviceId)
  const receiverId = await receiver(app, tx, answers, asking, before.receiverId)
  await changeService(app, tx, serviceId, serviceWanted(answers, asking, receiverId))
  await setStakeholders(tx, serviceId, await stakeholders(app, tx, answers, asking, receiverId, people))
  await changeSchedules(app, tx, serviceId, answers)
  return serviceId
}

function serviceWanted(answers: Answers, asking: Asking, receiverId: string): ServiceWanted {
  return {
    receiverId,
    phones: answers.phones,
    timeZone: asking.zone,
    ...answers.delivery,
    accessNotes: answers.notes || null,
  }
}

// --------------------------------------------------------------------------------------------------------------- people

/** The person who is called. A different one from before when the calls are for oneself now, or no longer. */
async function receiver(
  app: App,
  tx: Tx,
  answers: Answers,
  { creator }: Asking,
  before: string | null,
): Promise<string> {
  const { receiver: wanted, phones } = answers
  if (!wanted) throw new Error('nobody to call')
  if (wanted.isSelf) return creator.personId
  const known = before === creator.personId ? null : before
  const email = known ? ((await personById(tx, known))?.email ?? null) : null
  const details = { name: wanted.name, phone: phones[0] ?? null, email }
  return personWith(app, tx, known, details, creator.personId)
}

/** This person with these details; another one where the details are not this creator's to change. */
async function personWith(
  app: App,
  tx: Tx,
  personId: string | null,
  details: { name: string; phone: string | null; email: string | null },
  creatorId: string,
): Promise<string> {
  if (personId === null) return createPerson(app, tx, details)
  const now = await personById(tx, personId)
  const isSame = now?.name === details.name && now.phone === details.phone && now.email === details.email
  if (isSame) return personId
  if (await isElsewhere(tx, personId, creatorId)) return createPerson(app, tx, details)
  await replacePerson(tx, personId, details)
  return personId
}

/**
 * Everybody with a role: who sets it up, who is called, whom we tell. Roles that the wizard does not ask for stay with those
 * who had them.
 */
async function stakeholders(
  app: App,
  tx: Tx,
  answers: Answers,
  asking: Asking,
  receiverId: string,
  before: readonly Stakeholder[],
): Promise<StakeholderWanted[]> {
  const { creator } = asking
  const people = new Map<string, StakeholderWanted>()
  const give = (personId: string, role: Role, told?: Pick<StakeholderWanted, 'step' | 'channels'>) => {
    const known = people.get(personId) ?? { personId, roles: [], step: null, channels: [] }
    const roles = known.roles.includes(role) ? known.roles : [...known.roles, role]
    people.set(personId, { ...known, ...told, roles })
  }
  for (const { personId, roles } of before) for (const role of roles.filter(isKept)) give(personId, role)
  give(creator.personId, 'creator')
  if (usesOwnRecording(answers)) give(creator.personId, 'recorder')
  give(receiverId, 'receiver')
  const steps = stepsOf(answers.contacts)
  for (const [place, contact] of answers.contacts.entries()) {
    const personId = await contactPerson(app, tx, contact, answers, asking)
    give(personId, 'alert receiver', { step: steps[place]!, channels: waysOf(contact, creator.email) })
  }
  await nameCreator(tx, answers, asking)
  return [...people.values()]
}

const isKept = (role: Role): boolean => role !== 'receiver' && role !== 'alert receiver'

function usesOwnRecording({ calls, recordedHere }: Answers): boolean {
  return calls.some(
    ({ heard, recordingId }) =>
      heard === 'recording' && recordingId !== null && recordedHere.includes(recordingId),
  )
}

async function contactPerson(
  app: App,
  tx: Tx,
  contact: Contact,
  answers: Answers,
  { creator }: Asking,
): Promise<string> {
  if (contact.isMe) return creator.personId
  const details = { name: nameOf(contact, answers), phone: contact.phone, email: contact.email }
  return personWith(app, tx, contact.personId, details, creator.personId)
}

/** The name just given, and the number on which the creator is rung or told. */
async function nameCreator(tx: Tx, answers: Answers, { creator }: Asking): Promise<void> {
  const own = answers.contacts.find(({ isMe }) => isMe)?.phone ?? null
  const phone = answers.receiver?.isSelf ? (answers.phones[0] ?? null) : own
  await changePerson(tx, creator.personId, { name: answers.yourName ?? '', phone, email: null })
}

// ------------------------------------------------------------------------------------------------------------ schedules

function scheduleWanted(call: DraftCall): ScheduleWanted {
  const { kind, when, time } = call
  if (!kind || !when || !time) throw new Error('a call is not finished')
  return { kind, by: call.by ?? 'call', time, when, message: messageWanted(call) }
}

function messageWanted(call: DraftCall): MessageWanted {
  const standIn = standInOf(call.kind)
  switch (call.heard) {
    case 'spoken':
      return { kind: 'spoken', text: call.text ?? '', preset: standIn }
    case 'recording':
      return { kind: 'recording', recordingId: call.recordingId, preset: standIn }
    default:
      return { kind: 'preset', preset: call.preset ?? standIn }
  }
}

/** Only what is different is touched, so that the calls of an unchanged schedule wait on. */
async function changeSchedules(app: App, tx: Tx, serviceId: string, answers: Answers): Promise<void> {
  const schedules = new Map((await schedulesOf(tx, serviceId)).map((one) => [one.id, one]))
  const messages = await messagesOf(
    tx,
    [...schedules.values()].map(({ messageId }) => messageId),
  )
  for (const call of answers.calls) {
    const before = call.scheduleId ? schedules.get(call.scheduleId) : undefined
    if (!before) await addSchedule(app, tx, serviceId, scheduleWanted(call))
    else await changeOne(app, tx, before, messages.get(before.messageId), call)
  }
  const kept = answers.calls.map(({ scheduleId }) => scheduleId)
  for (const id of answers.had?.scheduleIds ?? []) {
    if (!kept.includes(id)) await endSchedule(app, tx, id)
  }
}

async function changeOne(
  app: App,
  tx: Tx,
  before: Schedule,
  message: Message | undefined,
  call: DraftCall,
): Promise<void> {
  const timing = timingOf(call)
  const wanted = scheduleWanted(call)
  if (!timing) return
  const isSameMessage = message !== undefined && saysTheSame(message, wanted.message)
  const isSamePurpose = before.kind === wanted.kind && before.by === wanted.by
  if (isSameMessage && isSamePurpose && isSameTiming(before, call)) return
  const messageId = isSameMessage
    ? before.messageId
    : await createMessage(app, tx, { serviceId: before.serviceId, ...wanted.message })
  await changeSchedule(app, tx, before.id, {
    ...timing,
    kind: wanted.kind,
    by: wanted.by ?? 'call',
    messageId,
  })
}

function isSameTiming(before: Schedule, { when, time }: DraftCall): boolean {
  if (before.localTime !== time || !when) return false
  if ('onDate' in before) return 'date' in when && when.date === before.onDate
  return 'days' in when && [...when.days].sort().join() === [...before.days].sort().join()
}

function saysTheSame(message: Message, wanted: MessageWanted): boolean {
  if (message.kind !== wanted.kind) return false
  if (wanted.kind === 'spoken') return message.spokenText === wanted.text
  if (wanted.kind === 'preset') return message.preset === wanted.preset
  return (message.recording?.id ?? null) === wanted.recordingId && message.preset === wanted.preset
}
