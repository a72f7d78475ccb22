// Alerts: the room of alerts and of telling people. The door: other rooms enter here and nowhere else.
//
// Owns: alert, alert_call, notification, alert_event.
// Promises: an alert opens in the commit that closes its call, or the call joins the one about the same person there; each receiver of a step is told once a round, over each of their
//   channels; it goes on until a person accepts it or it stands in the organisation's queue; who accepted is told to all who
//   were told; the same event twice, late or out of order changes nothing; every alert that is not closed has a wake_at; alerts
//   of one moment to one person are one call or one text; nobody is rung or texted more often than ceilings.ts says.
// Never: ends an alert by itself (only a person does); says in writing or to a voicemail what a call's message was; accepts
//   anything because a link was opened.
//
// Lock order: a call's row, then the beginnings of alerts about its receiver, then alerts by id, then the numbers that are told, then outgoings by id (bundles.ts). So one transaction
// of another room changes one alert.
export { acceptAlert, closeAlert } from './asked.ts'
export { alertDesk } from './desk.ts'
export type { Over, Said } from './machine.ts'
export { type AlertOfNumber, alertsOfNumber, type SpokenAlert, spokenAlert } from './rung-in.ts'
export { alertActors } from './sweep.ts'
export { alertsOwner } from './telephone.ts'
export { alertTextListener } from './texts.ts'
export {
  type AlertView,
  alertById,
  alertsInHands,
  alertsOfService,
  type Became,
  isAboutCall,
  type LinkHolder,
  type Looker,
  linkHolder,
  type NotificationView,
  unfinishedAlerts,
} from './views/store.ts'
export {
  alertHeadline,
  notificationSentence,
  notTold,
  standingSentence,
  togetherWith,
} from './views/words.ts'
export type { Standing } from './words.ts'
