// Website / words: every sentence of the public pages. Pure.

export const homeWords = {
  title: 'A phone call in a voice they know',
  what: 'We ring your mum, dad or neighbour on their ordinary telephone at the times you choose, with a message in your own voice. If they do not answer, we ring again, and then we find somebody who says “I will see to it”.',
  setUp: 'Set up a call',
  lookAround: 'Look around with an example',

  exampleCaption: 'What Ada’s daughter sees at half past nine',
  exampleTitle: 'Ada is fine today',
  exampleSays: 'She answered at 9:31am and pressed a key.',
  exampleRows: {
    answered: { when: 'Today, 9:30am', tag: 'Answered', says: '“Good morning, Mum. Time for your tablets.”' },
    seenTo: {
      when: 'Yesterday, 6:00pm',
      tag: 'Seen to',
      says: 'No answer, rung three times. Ben said: “I will see to it.”',
    },
  },

  howTitle: 'How it works',
  how: [
    {
      title: 'Say what they will hear',
      says: 'Record a message in your own voice, write one for us to speak, or choose a ready one. It takes five minutes.',
    },
    {
      title: 'Choose the days and times',
      says: 'Tablets at nine, lunch at one, “are you all right?” at six. They pick up the telephone and press any key. That is all.',
    },
    {
      title: 'Choose who we tell',
      says: 'Family, neighbours, a carer: by call, text or e-mail, in the order you like. Anybody can say “I will see to it” without signing in.',
    },
  ],
  anyPhone: 'They need no smartphone, no app and no internet: the telephone on the sideboard will do.',

  promiseTitle: 'Our promise',
  promiseLead: 'Every call ends in one of three ways, and we can show you which:',
  promise: [
    'They answered it.',
    'A person with a name said “I will see to it”.',
    'It stays open, with a running clock, before people whose work it is to watch.',
  ],
  promiseHonest:
    'If it is we who could not place the call, we say so. It never looks as if they did not answer.',

  notTitle: 'What it is not',
  not: [
    'It is not an emergency service, and it never rings one. In an emergency ring 999.',
    'It is not a medical device. We ask for no medical details.',
    'It sells nothing. There is never an advertisement in a call.',
  ],

  alreadyTitle: 'Already set up?',
  alreadyBefore: 'See how today went, or change something:',
  signIn: 'sign in',

  practiceTitle: 'Trying it on this computer',
  practiceBefore:
    'No real telephone is connected here. Every number has a practice phone that rings, speaks and takes keys, and every e-mail lands in a practice inbox:',
  practiceLink: 'open the practice phones',
} as const
