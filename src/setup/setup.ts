// Setup: the room of setting up a service. The door: other rooms enter here and nowhere else.
//
// Owns: setup (a wizard half filled in).
// Promises: what was typed is saved at every step; a service comes into being whole or not at all, and so do its changes;
//   only whoever began a set-up sees it; nobody can change the number of a person who belongs to somebody else's service.
import type { App } from '../app.ts'
import { type SetupRow, unfinishedOf } from './store.ts'

export { type Agreed, addSchedule, establish, type MessageWanted, type ScheduleWanted } from './establish.ts'

/** The new services that one of these persons began to set up and did not finish, the last saved first. */
export async function unfinishedSetups(
  app: App,
  persons: readonly { organisationId: string; id: string }[],
): Promise<Pick<SetupRow, 'id' | 'updatedAt'>[]> {
  return unfinishedOf(app, persons, null)
}
