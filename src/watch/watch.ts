// Watch: the room that looks whether everything else works. The door: other rooms enter here and nowhere else.
//
// Owns: heartbeat, watch_look, alarm, watch_call.
// Promises: each of twelve kinds of trouble is known within ninety seconds; it is told once to those who watch the queue, past the
//   outbox and the dispatcher, again after every hour, and its end is told too; a moment's trouble is told to nobody.
// Never: mends anything; leans on the worker, on its connections, or on a database that may be gone.
export { heartbeat } from './heartbeat.ts'
export { keptStanding } from './kept.ts'
export { createWatch, type Watch, type WatchGiven } from './round.ts'
export { startWatch } from './run.ts'
export type { Standing } from './types.ts'
export { watchOwner } from './watch-call.ts'
