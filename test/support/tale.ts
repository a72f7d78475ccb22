// What happened to calls, told without ids and tokens, so that two databases that lived through the same can be compared.
import type { ServiceAdded } from './app.ts'
import type { CallsWorld } from './calls.ts'

export interface Tale {
  calls: Rows
  attempts: Rows
  events: Rows
  outgoings: Rows
  exchanges: Rows
  alerts: string[]
}

type Rows = Record<string, unknown>[]

const differing = [
  ...['id', 'organisation_id', 'service_id', 'schedule_id', 'call_id', 'owner_id', 'part_id', 'outgoing_id'],
  ...['line_id', 'created_at', 'token'],
]

/** Everything that was decided about the calls of these services, each named by the place of its service and its time. */
export async function taleOf({ rows, desk }: CallsWorld, services: readonly ServiceAdded[]): Promise<Tale> {
  const calls = await rows('call')
  const outgoings = await rows('outgoing')
  const nameOf = (id: unknown) => {
    const call = calls.find((row) => row.id === id)!
    return `${services.findIndex(({ serviceId }) => serviceId === call.service_id)} at ${call.local_time}`
  }
  const told = (list: Rows, callOf: (row: Record<string, unknown>) => unknown) =>
    list
      .map((row) => ({
        ...row,
        ...Object.fromEntries(differing.map((name) => [name, null])),
        call: nameOf(callOf(row)),
      }))
      .toSorted((a, b) => a.call.localeCompare(b.call))
  const ownerOf = (outgoingId: unknown) => outgoings.find(({ id }) => id === outgoingId)!.owner_id
  return {
    calls: told(calls, (row) => row.id),
    attempts: told(await rows('attempt'), (row) => row.call_id),
    events: told(await rows('call_event'), (row) => row.call_id),
    outgoings: told(outgoings, (row) => row.owner_id),
    exchanges: told(await rows('provider_exchange'), (row) => ownerOf(row.outgoing_id)),
    alerts: desk.opened.map(({ callId, reason }) => `${nameOf(callId)}: ${reason}`).toSorted(),
  }
}
