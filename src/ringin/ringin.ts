// Ringin: the room of people who ring us. The door: other rooms enter here and nowhere else.
//
// Owns: incoming, ring_back, wrong_pin, news, left_message.
// Promises: whoever rings hears words at once, and every call that came in ends; what a key does is done in the transaction that hears of
//   it, once, however often its webhook comes; a number, which can be forged, never pauses or stops anything by itself; of a pause or a
//   stop every stakeholder but the receiver is told at once.
// Never: says a name before it is known who rings; keeps a key that was pressed; changes a call or an alert but by asking their rooms.
//
// Lock order: an incoming's row, then a call's, then its outgoing or its alert. A ring-back's or news' row, then its outgoing.
export { ringInDesk } from './advance.ts'
export { newsOwner, tellStakeholders } from './news.ts'
export { ringInOwner } from './ring-back.ts'
export {
  openMessages,
  type RingIn,
  ringInsOfService,
} from './store.ts'
export { ringInActors } from './sweep.ts'
export type { Change } from './tidings.ts'
export { ringInSentence, words as ringInWords } from './words-of-pages.ts'
