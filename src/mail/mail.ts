// Mail: the room of e-mails. The door: other rooms enter here and nowhere else.
//
// Owns: email.
// Promises: an e-mail decided in a transaction is sent if and only if that transaction is committed; its HTML and its plain
//   text say the same; it is tried until the server takes it, refuses it for good, or it is no longer useful; every e-mail ends
//   sent or failed, with the reason.
// Never: decides who is told what (alerts, signin and setup do); sends advertising; loads anything from outside when opened.
export { type Block, renderEmail } from './blocks.tsx'
export { type MailActorOptions, mailActors } from './send.ts'
export {
  type EmailPurpose,
  type EmailView,
  type EmailWanted,
  emailsOf,
  enqueueEmail,
  rewriteEmail,
} from './store.ts'
