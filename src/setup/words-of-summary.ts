// Setup / words of the summary: what the check page, the last page and the e-mail say of what was answered. Pure.
import type { By, ScheduleKind } from '../db/tables.ts'
import { countOf, timesInWords } from '../kit/plain-words.ts'
import type { Delivery } from './answers.ts'
import { answersNot, type Called, is, their, them } from './words.ts'

export const summaryWords = {
  who: 'Who it is for',
  calls: 'The calls',
  yourName: 'Your name',
  receiver: 'Who we ring',
  myself: (name: string) => `${name} (you)`,
  numbers: 'On which number',
  second: (number: string) => `then ${number}`,

  kinds: (r: Called): Record<ScheduleKind, string> => ({
    'check-in': `To know that ${is(r)} all right`,
    reminder: `To remind ${them(r)}`,
    both: `To remind ${them(r)}, and to know that ${is(r)} all right`,
  }),
  by: {
    call: 'We ring.',
    text: 'We send a text.',
    'call then text': 'We ring, and then send a text.',
    'text then call': 'We send a text, and then ring.',
  } satisfies Record<By, string>,
  written: (text: string) => `The text says: “${text}”`,
  preset: (title: string, text: string) => `The ready-made message “${title}”: “${text}”`,
  spoken: (text: string) => `A voice says: “${text}”`,
  recording: 'A recording of a familiar voice.',
  recordingLater: (title: string) =>
    `There is no recording yet. Until there is one, we play the ready-made message “${title}”.`,
  recordingSound: 'Listen to the recording',

  alerts: (r: Called) => `If ${answersNot(r)}`,
  contacts: 'Whom we tell',
  nobody: 'Nobody. Only the CallAssist desk sees that nobody answered.',
  together: 'At the same time:',
  notes: 'What helps there',
  noNotes: 'Nothing',

  delivery: 'How we ring',
  writing: 'How we write',
  ringing: 'How often and how long',
  texting: 'How often',
  rings: ({ attempts, gapMinutes, ringSeconds }: Delivery) =>
    attempts === 1
      ? `Once, for ${ringSeconds} seconds.`
      : `Up to ${timesInWords(attempts)}, ${countOf(gapMinutes, 'minute')} apart, for ${ringSeconds} seconds each time.`,
  texts: ({ attempts, gapMinutes }: Delivery) =>
    attempts === 1
      ? `One text, with ${countOf(gapMinutes, 'minute')} to answer it.`
      : `One text, and one more after ${countOf(gapMinutes, 'minute')}, each with ${countOf(gapMinutes, 'minute')} to answer it. Y means that all is well, N asks for help.`,
  keys: ({ helpKey }: Delivery) =>
    helpKey === null
      ? 'Any key means that all is well.'
      : `Key ${helpKey} asks for help. Any other key means that all is well.`,

  next: (count: number) => (count === 3 ? 'The next three calls' : 'The next calls'),
  zone: (zone: string) => `All times are ${zone}.`,

  check: {
    title: 'Check your answers',
    changeTitle: (r: Called) => `Change the calls to ${r.isSelf ? 'you' : r.name}`,
    changeLead: 'Nothing is changed before you press “Save the changes”.',
    begun: 'There are changes on this page that are not saved yet.',
    agreement: 'Before we start',
    stillRight: 'Before you save',
    agreed: (r: Called, isAnybodyTold: boolean, isWritten: boolean) => [
      r.isSelf
        ? `I want to be ${isWritten ? 'rung or written to' : 'rung'} at these times. I can pause or stop the calls at any moment, here or by ringing in.`
        : `${r.name} knows that we will ${isWritten ? 'ring or write' : 'ring'} and agrees to it. If ${r.name} wants no more calls, I stop them at once; ${r.name} can also stop them by ringing in.`,
      ...(isAnybodyTold
        ? [
            'Each person on the list knows that they are on it. They can see each other’s names, telephone numbers and e-mail addresses, so that they can act together.',
          ]
        : []),
      'CallAssist is not an emergency service and never rings one. In an emergency ring 999.',
    ],
    byPressing: 'By pressing the button you say that this is right:',
    nobodyWarning: (r: Called) =>
      `There is nobody whom we could tell if ${answersNot(r)}. Only the CallAssist desk will see it.`,
    start: 'Agree and start the calls',
    save: 'Save the changes',
    leave: 'Leave without saving',
    later: 'Not now. Everything is saved, I start the calls later',
    changedMeanwhile:
      'Somebody else has changed these calls meanwhile. Your answers below have not been saved. Check every line: pressing the button again puts yours in place of theirs',
  },

  done: {
    title: (r: Called) => `The calls to ${r.isSelf ? 'you' : r.name} are set up`,
    changedTitle: (r: Called) => `The calls to ${r.isSelf ? 'you' : r.name} are changed`,
    mailed: (address: string) => `We have sent everything you entered to ${address}.`,
    what: 'What happens now',
    happens: (r: Called, attempts: number, isAnybodyTold: boolean, isRung: boolean) => [
      isRung
        ? `We ring ${them(r)} at these times. Any key on the telephone is the answer.`
        : `We write to ${them(r)} at these times. A text back with Y is the answer.`,
      isAnybodyTold
        ? `If ${answersNot(r)} after we have ${isRung ? 'rung' : 'written'} ${timesInWords(isRung ? attempts : Math.min(attempts, 2))}, we tell the people on your list until one of them says “I will see to it”.`
        : `If ${answersNot(r)} after that, the CallAssist desk sees it.`,
      'You can see each call, change the times or pause the calls at any moment.',
    ],
    tryTitle: 'Try it now',
    try: (r: Called) =>
      `The best thing to do next is a test call. On the next page press “Ring now, as a test”, and the telephone${r.isSelf ? '' : ` of ${r.name}`} rings within a minute.`,
    tryText: (r: Called) =>
      `The best thing to do next is a test. On the next page press “Send a test text now”, and a text comes to the telephone${r.isSelf ? '' : ` of ${r.name}`} within a minute.`,
    tryButton: (r: Called) => `Go to ${their(r)} calls`,
    practice: 'No real telephone is connected here. To hear the call, open the practice phones first.',
    practiceLink: 'Open the practice phones',
    confirmTitle: 'Confirm the telephone numbers',
    confirm: (r: Called) =>
      `Whoever we tell is sent a code once, so that no stranger hears about ${r.isSelf ? 'you' : r.name}. Until then we first ask them who they are.`,
    confirmButton: 'Confirm the telephone numbers',
    notRecorded: 'A message is not recorded yet.',
    record: 'Record it by telephone, or let somebody else record it',
    another: 'Set up calls for somebody else',
  },

  notYours: {
    title: 'You cannot change these calls',
    says: (creator: string) =>
      creator === ''
        ? 'Only the person who set them up can change them. You can see them, and pause them.'
        : `Only ${creator}, who set them up, can change them. You can see them, and pause them.`,
    back: 'Go to the calls',
  },

  mail: {
    subject: (r: Called) => `The calls to ${r.isSelf ? 'you' : r.name} are set up`,
    changedSubject: (r: Called) => `The calls to ${r.isSelf ? 'you' : r.name} were changed`,
    lead: 'This is everything that you entered. Please keep it.',
    health: 'A message that may tell something about health. It is not repeated in an e-mail.',
    call: (place: number, of: number) => (of === 1 ? 'The call' : `Call ${place}`),
    due: (date: string, time: string) => `${date} at ${time}`,
    button: 'See the calls',
    change: 'Change something',
    number: (number: string) =>
      `We ring from ${number}. Save this number in the telephone under the name CallAssist, so that the call is recognised.`,
  },
} as const
