// Rehearsal: the room that lives through a scenario with the production code. The door: the example enters here; the command has its own
// main.ts.
//
// Promises: what is rehearsed is what runs (wiring.ts); the same scenario gives the same ledger; nothing is left behind.
export { type RehearsalOptions, type Rehearsed, rehearse } from './run.ts'
export { readScenario, type Scenario } from './scenario.ts'
