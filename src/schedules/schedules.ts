// Schedules: the room of schedules. The door: other rooms enter here and nowhere else.
//
// Owns: schedule.
// Promises: every slot of a schedule becomes exactly one call, at least a day before it is due (at once for a new or changed
//   schedule); an outage of any length loses none; a time of day stays that time of day when the clocks change.
// Never: rings, or decides what becomes of a call. A pause, or a call that is stale after an outage, is for calls to judge.
export { nextSlotsOf, ruleOf, type Timing } from './plan.ts'
export { scheduleActors } from './planner.ts'
export { describeDays, describeRule, type Slot, WEEKDAYS, type Weekday } from './recurrence.ts'
export { startCallsAgain, stopCalls } from './stop.ts'
export {
  changeSchedule,
  createSchedule,
  endSchedule,
  replanService,
  type Schedule,
  type ScheduleChange,
  type ScheduleWanted,
  scheduleById,
  schedulesOf,
} from './store.ts'
