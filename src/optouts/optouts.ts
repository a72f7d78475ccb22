// Opt-outs: the room of STOP and START. The door: other rooms enter here and nowhere else.
//
// Owns: nothing of its own: the list itself stands at the lines, which obey it.
// Promises: whoever asks for no more texts gets none, at once, over any line; everybody who has a part in a service that this concerns
//   is told what it means, and how it is undone; a word that the network answers itself is not answered twice.
// Never: takes somebody off a service, or stops calls and e-mails: STOP speaks of texts.
export { optOutActors } from './tell.ts'
export { optOutTextListener } from './texts.ts'
