// Setup / words: every sentence of the wizard's questions. Pure. What the check page, the last page and the e-mail say is in
// words-of-summary.ts. `r` is who is to be called: a name, or the very person who reads this.
import { capitalised, countOf, numberInWords, possessive, timesInWords } from '../kit/plain-words.ts'

export interface Called {
  name: string
  isSelf: boolean
}

/** "Ada" or "you", in the middle of a sentence. */
export const them = (r: Called): string => (r.isSelf ? 'you' : r.name)
/** "Ada's" or "your". */
export const their = (r: Called): string => (r.isSelf ? 'your' : possessive(r.name))

/** "does Ada" or "do you". */
const does = (r: Called): string => (r.isSelf ? 'do you' : `does ${r.name}`)
const answersNot = (r: Called): string => (r.isSelf ? 'you do not answer' : `${r.name} does not answer`)
const is = (r: Called): string => (r.isSelf ? 'you are' : `${r.name} is`)

export const words = {
  part: (part: 1 | 2 | 3 | 4) =>
    `Part ${part} of 4: ${['who we ring', 'the calls', 'if nobody answers', 'check and start'][part - 1]}`,
  continue: 'Continue',
  change: 'Change',

  begin: {
    title: 'Set up a call',
    lead: 'We ring somebody who lives alone, at the times you choose, and tell you when they do not answer.',
    takes: 'It takes about five minutes. Each answer is saved, so you can stop at any page and go on later.',
    need: 'It helps to have at hand:',
    needs: [
      'the telephone number of the person we shall ring',
      'the telephone numbers of the people who can help if nobody answers',
      'a minute in a quiet room, if you want to record the message in your own voice',
    ],
    start: 'Start',
    startNew: 'Start a new one',
    unfinished: 'You have begun this already',
    unfinishedFor: (name: string | null) => (name === null ? 'A call, just begun' : `The calls to ${name}`),
    lastSaved: (when: string) => `Last saved ${when}.`,
    goOn: 'Go on where you stopped',
    drop: 'Throw it away',
    dropWhat: (name: string | null) => (name === null ? 'the call, just begun' : `the calls to ${name}`),
  },

  drop: {
    question: (name: string | null) =>
      name === null ? 'Throw this away?' : `Throw away the calls to ${name}?`,
    says: 'Everything typed and recorded here is then lost. No call was started yet.',
    yes: 'Yes, throw it away',
    no: 'No, keep it',
  },

  yourName: {
    question: 'What is your name?',
    hint: 'First and last name. The people we tell about a missed call see it, so that they know who set this up.',
    whose: 'your name',
  },

  receiver: {
    question: 'Who shall we ring?',
    other: 'Somebody else',
    me: (name: string) => (name === '' ? 'Me' : `Me, ${name}`),
    meHint: 'The calls are for yourself.',
    name: 'What is their name?',
    nameHint:
      'As they like to be called, such as Ada or Mrs Lovelace. Each call begins “Hello Ada”, and the people whom we tell know who it is.',
    whose: 'their name',
    choose: 'Choose who we shall ring',
  },

  numbers: {
    question: (r: Called) => `What is ${their(r)} telephone number?`,
    hint: 'A landline or a mobile, with the area code, such as 01632 960101.',
    first: 'Telephone number',
    second: 'Another number (if there is one)',
    secondHint: (r: Called) =>
      `If ${answersNot(r)} the first time, we ring this one next, and then take turns.`,
    same: 'This is the same number twice. Leave the second one empty, or give another',
    ofContact: (name: string) =>
      `This is the number on which we are to tell ${name}. Give another number, or change how we tell ${name}`,
    saidBack: (r: Called, numbers: string) => `We ring ${them(r)} on ${numbers}.`,
  },

  kind: {
    question: 'What is this call for?',
    checkIn: (r: Called) => `To know that ${is(r)} all right`,
    checkInHint: 'We ring and ask. Any key on the telephone is the answer.',
    reminder: (r: Called) => `To remind ${them(r)} of something`,
    reminderHint: 'Tablets, a meal, an appointment, the bins.',
    both: 'Both',
    bothHint: (r: Called) => `A reminder, and by the key we know that ${is(r)} all right.`,
    choose: 'Choose what this call is for',
  },

  by: {
    question: (r: Called) => `How shall we reach ${them(r)}?`,
    hint: 'A telephone that rings is hardest to miss. Texts suit somebody who hears badly, or does not pick up.',
    call: 'Ring',
    callHint: 'Any key on the telephone is the answer.',
    text: 'Send a text',
    textHint: (mobile: string | null) =>
      `${mobile === null ? 'The answer' : `To ${mobile}. The answer`} is a text back: Y for “all is well”, N for “I need somebody”. Without one we write once more. Whoever has the telephone in hand can read the message.`,
    textThenCall: 'Send a text first, then ring',
    textThenCallHint: (gapMinutes: number) =>
      `If no answer has come after ${countOf(gapMinutes, 'minute')}, we ring. The text takes the place of the first ring.`,
    callThenText: 'Ring first, then send a text',
    callThenTextHint: (attempts: number) =>
      attempts > 2
        ? `If nobody answers when we have rung ${timesInWords(attempts - 1)}, a text takes the place of the last ring.`
        : 'If nobody answers, a text takes the place of the last ring.',
    choose: 'Choose how we shall reach them',
    landline: (r: Called) =>
      `${capitalised(their(r))} number is a landline, which takes no texts. Choose “Ring”, or go back and give a mobile`,
    twoAttempts:
      'A ring and a text are two attempts, and only one is set. Choose “Ring” or “Send a text”, or set more attempts under “How often and how long” at the end',
  },

  days: {
    question: 'On which days shall we ring?',
    write: 'On which days shall we write?',
    every: 'Every day',
    working: 'Monday to Friday',
    some: 'Some days of the week',
    someLabel: 'Which days?',
    one: 'On one day only',
    oneLabel: 'Which day?',
    oneHint: (example: string) => `For example ${example}.`,
    choose: 'Choose on which days we shall ring',
    chooseSome: 'Tick at least one day',
  },

  time: {
    question: 'At what time shall we ring?',
    write: 'At what time shall we write?',
    hint: (zone: string) =>
      `For example 9:30am, 6pm or half past nine. It is ${zone}, in summer and in winter.`,
    over: 'This time is over today. Choose a later time, or go back and choose another day',
    taken: (saidBack: string) =>
      `There is a call at ${saidBack} on one of these days already. Choose another time`,
    saidBack: (timing: string) => `${timing}.`,
  },

  heard: {
    question: (r: Called) => `What shall ${them(r)} hear?`,
    hint: (r: Called) => `We say “Hello ${r.name}” first. Then comes this message, and then “press any key”.`,
    preset: 'A ready-made message',
    presetHint: 'Choose one from a list. A clear voice reads it out.',
    spoken: 'Your own words, read out by a voice',
    spokenHint: 'You write the message.',
    recording: 'A recording of your own voice',
    recordingHint: (r: Called) =>
      `You speak the message here, or send us a sound file. It is the voice ${r.isSelf ? 'you know' : `${r.name} knows`}.`,
    choose: 'Choose what we shall play',
    writtenQuestion: 'What shall the text say?',
    writtenHint: (r: Called) =>
      `The text begins “CallAssist for ${r.name}”. Then comes this message, and then how to answer.`,
    writtenPresetHint: 'Choose one from a list.',
    writtenSpoken: 'Your own words',
    notWritten: 'A text cannot carry a recording: in a text, a ready-made message stands in for it.',
  },

  preset: {
    question: 'Which message?',
    hint: 'You can read what each one says. It can be changed at any time.',
    groups: {
      'check-in': 'To ask whether all is well',
      both: 'To remind, and to ask whether all is well',
      reminder: 'To remind',
    },
    says: (text: string) => `“${text}”`,
    choose: 'Choose a message',
  },

  text: {
    question: 'What shall the voice say?',
    writtenQuestion: 'What shall the text say?',
    writtenHint: 'Short sentences are read best. At most 600 characters; 100 fit into one text.',
    writtenAround: (r: Called) => `Before it stands “CallAssist for ${r.name}:”, and after it how to answer.`,
    hint: 'Write it as you would say it, in short sentences. At most 600 characters, about a minute.',
    before: (sentence: string) => `Before it we say: “${sentence}”`,
    after: (sentence: string) => `After it we say: “${sentence}”`,
    health:
      'Leave out the names of illnesses and medicines if you can: whoever picks up the telephone hears the message.',
  },

  recording: {
    question: (r: Called) => `Record your message for ${r.isSelf ? 'yourself' : r.name}`,
    hint: (r: Called) =>
      `Speak for up to one minute, for example: “It is time for your lunch. Enjoy it.” We say “Hello ${r.name}” before it and “press any key” after it.`,
    file: 'A sound file',
    fileHint:
      'For example from the voice recorder of your telephone. At most one minute of speech and 12 MB.',
    send: 'Send this file',
    choose: 'Choose a sound file first',
    byPhone: 'Or by telephone',
    takeGone: 'That recording is not there any more. Record it again',
    notNow: 'Not now',
    later: 'I record it another day',
    laterHint: (title: string) =>
      `Until there is a recording, we play the ready-made message “${title}”, and every page says so. Once this is set up, you can also let somebody else record it.`,
  },

  listen: {
    question: 'Listen to your recording',
    hint: 'This is how it sounds on the telephone. It is a little less clear than on the computer.',
    player: 'Your recording, as it sounds on the telephone',
    download: 'If you hear nothing here, open the recording by itself',
    keep: 'Keep this recording',
    again: 'Record it again',
  },

  calls: {
    question: (r: Called) => `When we ring ${them(r)}`,
    lead: (count: number) => (count === 1 ? 'One call is set up.' : `${numberWord(count)} calls are set up.`),
    add: 'Add another call',
    full: 'Eight calls are the most that one person can have.',
    remove: 'Remove this call',
    ofWhich: (timing: string) => `(${timing})`,
    changeDays: 'Change the days',
    changeTime: 'Change the time',
    changeMessage: 'Change what is heard',
    changeKind: 'Change what it is for',
    changeBy: 'Change whether we ring or write',
    unfinished: 'This call is not finished yet.',
    goOn: 'Finish this call',
    nameless: 'Another call',
    next: 'The next three calls',
    nextFewer: 'The next calls',
  },

  alerts: {
    question: (r: Called) => `Who shall we tell if ${answersNot(r)}?`,
    hint: (r: Called, attempts: number) =>
      `If nobody answers after we have rung ${timesInWords(attempts)}, or ${r.isSelf ? 'you ask' : `${r.name} asks`} for help, we tell somebody. You can add more people on the next page.`,
    me: (name: string) => `Me, ${name}`,
    other: 'Somebody else',
    nobody: 'Nobody',
    nobodyHint:
      'Then only the CallAssist desk sees that nobody answered. There is nobody we could ask to look in.',
    choose: 'Choose who we shall tell',
    lead: 'We tell them in this order, until somebody says “I will see to it”. Then everybody else hears who it is.',
    again: (rounds: number) =>
      `If nobody has said so at the end of the list, we go through it again, ${timesInWords(rounds)} in all. After that the CallAssist desk takes over.`,
    add: 'Add another person',
    addMe: 'Add myself',
    full: 'Ten people are the most that we can tell.',
    /** @param minutes from one step to the next */
    place: (step: number, minutes: number) =>
      step === 1 ? 'First' : `Then, after ${minutes * (step - 1)} minutes`,
    together: 'At the same time',
    you: (name: string) => `${name} (you)`,
    up: 'Move up',
    down: 'Move down',
    remove: 'Remove',
    change: 'Change',
    joinAbove: (name: string) => `Tell at the same time as ${name}`,
    leaveAbove: (name: string) => `Tell after ${name}`,
    ways: {
      call: (number: string) => `We ring ${number}.`,
      text: (number: string) => `We send a text to ${number}.`,
      callAndText: (number: string) => `We ring and text ${number}.`,
      email: (address: string) => `We write to ${address}.`,
    },
    landline: 'This is a landline, so it gets no texts.',
  },

  contact: {
    newQuestion: 'Who shall we tell?',
    changeQuestion: (name: string) => `How shall we tell ${name}?`,
    meQuestion: 'How shall we tell you?',
    name: 'Name',
    whose: 'their name',
    phone: 'Telephone number',
    phoneHint: 'We ring it. If it is a mobile, we send a text as well. Landlines get no texts.',
    yourPhone: 'Your telephone number',
    email: 'E-mail address',
    emailHint: 'We write an e-mail with a button to say “I will see to it”.',
    yourEmail: (address: string) => `We have your e-mail address already: ${address}.`,
    channels: 'Which of these may we use?',
    channelsHint: 'We use all that are ticked, at the same moment. More ways find somebody faster.',
    call: 'Ring',
    text: 'Send a text',
    emailChannel: 'Send an e-mail',
    nothing: 'Give a telephone number or an e-mail address',
    phoneForCall: 'Give a telephone number, or take the tick away from “Ring” and “Send a text”',
    emailForEmail: 'Give an e-mail address, or put a tick at “Ring”',
    tick: 'Tick at least one way',
    unusable: 'Tick one more way: a landline gets no texts',
    receiversOwn: (r: Called) =>
      `This is ${their(r)} own number, on which nobody will have answered. Give another number`,
    twice: (name: string) => `We already tell ${name} there. Give another one`,
  },

  notes: {
    question: (r: Called) =>
      r.isSelf
        ? 'What must somebody know who comes to you?'
        : `What must somebody know who goes to ${r.name}?`,
    hint: 'Only if you want to: where a spare key is, a neighbour, a dog, a code at the door. We tell it only to the people on your list, and only in an alert.',
    none: 'You can leave this empty.',
    what: 'what helps',
  },

  delivery: {
    question: 'How shall we ring?',
    hint: (r: Called) =>
      `Most people leave this as it is. A longer ring helps if ${is(r)} slow to the telephone.`,
    attempts: 'How often shall we ring before we tell somebody?',
    attemptsHint: 'From 1 to 6 times',
    gap: 'How many minutes from one ring to the next?',
    gapHint: 'From 1 to 60 minutes',
    ring: 'How long shall it ring each time?',
    ringHint: 'From 20 to 120 seconds. Many answerphones come on after 20 to 30 seconds.',
    times: 'times',
    minutes: 'minutes',
    seconds: 'seconds',
    help: 'Is there a key to ask for help?',
    helpHint: (r: Called) =>
      `When ${r.isSelf ? 'you press' : `${r.name} presses`} it, we tell somebody at once. Any other key means that all is well.`,
    noHelp: 'No, any key means that all is well',
    helpKey: (key: string) => `Yes, key ${key}`,
    mixed: 'A call and a text are two attempts. Enter at least 2, or change whether we ring or write',
    range: {
      attempts: 'Enter how often, as a whole number from 1 to 6',
      gapMinutes: 'Enter the minutes, as a whole number from 1 to 60',
      ringSeconds: 'Enter the seconds, as a whole number from 20 to 120',
    },
    chooseHelp: 'Choose whether there is a key to ask for help',
    save: 'Save',
  },

  stale:
    'These answers were changed in another window meanwhile. What you typed is still here: check it and press the button again',
  staleCheck:
    'These answers were changed in another window meanwhile. Look at them again, then press the button once more',
  staleList:
    'This list was changed in another window meanwhile. Look at it again, then press the button once more',
} as const

const numberWord = (count: number): string => {
  const word = numberInWords(count)
  return word.charAt(0).toUpperCase() + word.slice(1)
}

// "does Ada" is used by the summary too
export { answersNot, does, is }
