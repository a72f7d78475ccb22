// Alerts / views / words: what this room's pages say. Pure.
import type { AttemptResult } from '../../db/tables.ts'
import { countOf, listOf } from '../../kit/plain-words.ts'
import { timeInWords } from '../../kit/words-of-time.ts'
import { ceilingOf } from '../ceilings.ts'
import { allIsWell, attemptFound, headline, mails, type Standing, whatHappened } from '../words.ts'
import type { AlertView, NotificationView } from './store.ts'

/** "Ada did not answer the call at 9:30am" */
export function alertHeadline(alert: AlertView): string {
  return headline(alert)
}

/** How it stands for this person. */
export function standingIn(alert: AlertView, personId: string): Standing {
  const { acceptedBy, closedBy } = alert
  if (alert.state === 'closed')
    return { is: 'closed', how: alert.closedHow ?? 'all-clear', byName: closedBy?.name ?? null }
  if (alert.state !== 'accepted' || !acceptedBy) return { is: 'open' }
  if (acceptedBy.personId === personId) return { is: 'yours' }
  return { is: 'accepted', byName: acceptedBy.name, wantsHelp: alert.said === 'get help' }
}

/** How an alert stands, in one sentence, for somebody who is none of the people in it. */
export function standingSentence(alert: AlertView): string {
  const { receiverName, timeZone } = alert
  switch (alert.state) {
    case 'open':
      return 'Nobody has said yet that they will see to it. We are telling people now.'
    case 'handed over':
      return 'Nobody who was told has said that they will see to it.'
    case 'accepted': {
      const who = alert.acceptedBy?.name ?? ''
      const at = alert.acceptedAt ? ` since ${timeInWords(alert.acceptedAt, timeZone)}` : ''
      if (alert.said === 'get help')
        return `${who} has been seeing to ${receiverName}${at} and asks for help.`
      if (alert.said === 'I am going') return `${who} is on the way to ${receiverName}.`
      return `${who} has been seeing to ${receiverName}${at}.`
    }
    case 'closed':
      return allIsWell(alert.closedHow ?? 'all-clear', alert.closedBy?.name ?? null, receiverName)
  }
}

/** One notification as a sentence: "9:40am: we rang Ben, nobody picked up". For lists, without a full stop. */
export function notificationSentence(notification: NotificationView, timeZone: string): string {
  return `${timeInWords(notification.at, timeZone)}: ${byChannel[notification.channel](notification)}`
}

const byChannel = { call: callSentence, text: textSentence, email: emailSentence }

/** Why somebody was not told at all, being told so often already: "Ben was not rung again, after six calls within an hour". Else null. */
export function notTold({ name, channel, trouble }: NotificationView): string | null {
  if (channel === 'email' || (trouble !== 'held back: hour' && trouble !== 'held back: day')) return null
  const { most, within } = ceilingOf(channel, trouble)
  const before = channel === 'call' ? countOf(most, 'call') : countOf(most, 'text')
  return `${name} was not ${channel === 'call' ? 'rung' : 'texted'} again, after ${before} about alerts within ${within === 'hour' ? 'an hour' : 'a day'}`
}

/** ", together with the alert about Bert"; '' when it was told alone, or whoever looks may not know. */
export function togetherWith({ together }: NotificationView): string {
  return together.length === 0 ? '' : `, together with the alert about ${listOf(together)}`
}

function callSentence(notification: NotificationView): string {
  const { name, became, trouble, tells } = notification
  const about = tells === 'alert' ? '' : ` ${purposes[tells]}`
  const held = notTold(notification)
  if (held !== null) return held
  const others = togetherWith(notification)
  switch (became) {
    case 'waiting':
      return `${name}'s telephone is about to ring`
    case 'ringing':
      return `${name}'s telephone is ringing`
    case 'talking':
      return `${name} is on the telephone with us`
    case 'called off':
      return `the call to ${name} was called off`
    case 'failed':
      if (trouble === 'no phone number') return `we could not ring ${name}: there is no phone number`
      if (trouble === 'not placed') return `we could not place a call to ${name}`
      if (trouble === 'somebody else')
        return `we rang ${name}, and somebody else said that it is not their number`
      if (trouble === 'did not say who')
        return `we rang ${name}, and whoever answered did not say who is there`
      if (trouble === 'not heard') return `we rang ${name}, who put the telephone down before we came to this`
      return `we rang ${name}${about}${others}, ${attemptFound(trouble as AttemptResult)}`
    default:
      return `we rang ${name}${about}${others}, who answered`
  }
}

function textSentence(notification: NotificationView): string {
  const { name, became, trouble, why, tells } = notification
  const about = tells === 'alert' ? '' : ` ${purposes[tells]}`
  const held = notTold(notification)
  if (held !== null) return held
  const others = togetherWith(notification)
  switch (became) {
    case 'waiting':
    case 'ringing':
    case 'talking':
      return `a text to ${name} is on its way`
    case 'called off':
      return `the text to ${name} was no longer needed`
    case 'failed':
      if (trouble === 'no phone number') return `we could not text ${name}: there is no phone number`
      if (trouble === 'number not confirmed') return `we did not text ${name}, whose number is not confirmed`
      return why ? `a text to ${name} did not arrive: ${why}` : `a text to ${name} did not get through`
    case 'delivered':
      return `we texted ${name}${about}${others}, and the text arrived`
    default:
      return `we texted ${name}${about}${others}`
  }
}

function emailSentence({ name, became, trouble, tells }: NotificationView): string {
  const about = tells === 'alert' ? '' : ` ${purposes[tells]}`
  switch (became) {
    case 'failed':
      return trouble === 'no e-mail address'
        ? `we could not e-mail ${name}: there is no e-mail address`
        : `an e-mail to ${name} did not get through`
    case 'waiting':
      return `an e-mail to ${name} is on its way`
    default:
      return `we e-mailed ${name}${about}`
  }
}

const purposes = {
  accepted: 'to say who has it in hand',
  'all-clear': 'to say that all is well',
  reminder: 'to ask how it went',
} as const

export const words = {
  accept: 'I will see to it',
  help: 'I will help',
  acceptFor: (receiverName: string) => `for ${receiverName}`,
  acceptHint: 'Everybody else who was told hears that it is you.',
  nobodyYet: 'Nobody has said yet that they will see to it',
  yours: (receiverName: string) => `You are seeing to ${receiverName}`,
  yoursGoing: (again: string) => `You told us that you are on your way. We will ask you again at ${again}.`,
  yoursHelp: 'We have asked everybody else to help.',
  thanks: 'Thank you. Everybody else who was told knows that it is you.',
  othersTurn: 'There is nothing that you need to do.',
  howDidItGo: 'How did it go?',
  fine: (receiverName: string) => `${receiverName} is all right`,
  going: 'I am on my way',
  getHelp: 'I need help: ask the others',
  allRightTitle: (receiverName: string) => `Is ${receiverName} all right?`,
  allRightHint: (receiverName: string) =>
    `If you have spoken to ${receiverName} or are there, tell us, and we tell everybody.`,
  ring: (receiverName: string) => `Ring ${receiverName}`,
  howToGetIn: 'How to get in',
  whatHappened: 'What happened',
  due: (alert: AlertView, now: Date) =>
    alert.calls ? `${whatHappened(alert)} ${mails.when(alert, now)}` : mails.when(alert, now),
  attempt: (result: AttemptResult, at: Date, timeZone: string) =>
    `${timeInWords(at, timeZone)}: ${attemptFound(result)}`,
  whoWasTold: 'Who has been told',
  nobodyTold: 'Nobody has been told yet.',

  queueTitle: 'Alerts that wait for somebody',
  queueLead: (organisation: string) =>
    `These are watched by ${organisation}. The one that has waited longest comes first.`,
  besides: 'Beside the alerts',
  toForecast: 'How the lines stand, and the coming day',
  toStatus: 'Is everything working? How CallAssist is',
  toOutages: 'When CallAssist was away, and what followed',
  queueEmpty: 'Nothing waits. Every alert is in somebody’s hands.',
  inYourHands: 'In your hands',
  openFor: 'Open for',
  nextStep: (at: Date, timeZone: string) => `The next person is told at ${timeInWords(at, timeZone)}.`,
  contacts: 'Whom to ring',
  contact: (name: string, channels: readonly string[]) => `${name} (${listOf(channels)})`,
  channel: { call: 'call', text: 'text', email: 'e-mail' },
} as const
