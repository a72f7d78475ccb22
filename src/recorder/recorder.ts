// Recorder: the room of recording by telephone. The door: other rooms enter here and nowhere else.
//
// Owns: take, tape, recorder_code, wrong_code. A *take* is one telephone call in which a person records a message; a *tape* is one thing
//   that the provider recorded in it.
// Promises: what was recorded is fetched, judged and kept encrypted, or refused with the reason, while the person is still there if the
//   provider lets us; nothing is used that nobody chose; the provider forgets every tape, and it is tried until it has.
// Never: decides when a message is played (schedules), or keeps a sound anywhere but with messages.
//
// For whoever answers a ring-in: `tryCode` with the six digits; when it is right, `hear` with everything that happens on the call.
export { areCodesPaused, type CodeTried, digitsOf, makeCode, tryCode } from './codes.ts'
export { chooseTake, type Rung, ringForRecording } from './ring.ts'
export { RingMe } from './ring-me.tsx'
export { recorderActors } from './sweep.ts'
export { hear, recorderOwner, type TakeHeard } from './telephone.ts'
