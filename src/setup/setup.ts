// Setup: the room of setting up a service. The door: other rooms enter here and nowhere else.
//
// Owns: setup (a wizard half filled in).
// Promises: what was typed is saved at every step; a service comes into being whole or not at all.
export { type Agreed, addSchedule, establish, type MessageWanted, type ScheduleWanted } from './establish.ts'
