// Outages: the room that says afterwards what it meant that CallAssist was away: from when to when, for whom, and what followed. The
// door: other rooms enter here and nowhere else.
//
// Owns: nothing. An outage is found in the rows of calls: a stretch in which calls were due and none of ours was decided.
// Promises: each outage of the last month is found, also one that goes on; each call that was due in it, or under way when it began, is
//   counted once.
// Never: changes anything; shows calls of another organisation.
export { type OutageView, recentOutages } from './look.ts'
