// Verification: the room of confirming contact numbers. The door: other rooms enter here and nowhere else.
//
// Owns: verification (a code that was sent to a number). Whether a number is confirmed stands with its person.
// Promises: a code is for one person and one number, good for 30 minutes and five tries; whoever gets one that was not meant for them
//   hears nothing about anybody; a number is not troubled more than three times an hour and five times a day.
// Never: uses a number for anything else, or decides what an unconfirmed one is good for (services and alerts do).
export { verificationOwner } from './telephone.ts'
