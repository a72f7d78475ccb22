// Services / words of settings: what the pages say on which calls are stopped and a PIN is set, and what the service page says of
// both. Pure. Called by settings.tsx and views.tsx.

export const settingsWords = {
  stopLink: 'Stop these calls for good',
  stopTitle: (name: string) => `Stop the calls to ${name} for good?`,
  stopLead: 'If you stop them:',
  stopMeans: (name: string) => [
    `no call is made to ${name} any more; one that rings now is ended`,
    'an alert that is open stays open until somebody has seen to it',
    `the others who look out for ${name} are told of it at once`,
    'everything that was set up is kept, and the calls can be started again here',
  ],
  stopNow: 'Stop the calls',
  ratherPause: 'Pause the calls for some days instead',
  stoppedOn: (name: string, when: string) =>
    `The calls to ${name} were stopped ${when}. No call is made, and nobody is told when ${name} does not answer.`,
  startAgain: 'Start the calls again',
  lineRow: 'Our number',
  lineMeans: (name: string) =>
    `${name} sees it when we ring, and can ring it at any time: to hear the message of the day, to say that all is well, or to ask for help.`,
  pinRow: 'PIN for ringing in',
  pinIsSet: 'There is one',
  pinIsNot: 'None. Whoever rings in to pause or stop the calls is rung back first',
  pinChange: 'the PIN for ringing in',
  pinTitle: (name: string) => `A PIN for ${name} to ring in with`,
  pinLead: (name: string) =>
    `${name} can ring our number at any time, hear the message of the day, and say that all is well. To pause or stop the calls that way, we must be sure who rings: by this PIN, or by ringing ${name} back. A PIN also lets ${name} ring in from another telephone.`,
  pinLabel: 'PIN',
  pinNewLabel: 'A new PIN',
  pinHint: (name: string) => `Four to eight digits that ${name} will remember. We cannot show it again.`,
  voicemailRow: 'When an answerphone answers',
  voicemailChange: 'what an answerphone hears',
  voicemail: {
    nothing: 'We put the phone down and leave no words',
    'neutral words': 'We leave a short sentence without a name',
  },
  voicemailTitle: (name: string) => `When an answerphone answers for ${name}`,
  voicemailLead: 'An answerphone never counts as an answer: we ring again, and then tell somebody.',
  voicemailHint: {
    nothing: 'A visitor who plays the answerphone back hears nothing of ours.',
    'neutral words':
      '“Hello. This is CallAssist. We rang just now. You can ring this number at any time.” Nothing about medicines, and no name. It is said twice, so that it comes after the beep as well.',
  },
  voicemailSave: 'Save',
  voicemailMissing: 'Choose what an answerphone should hear',
  pinSave: 'Save the PIN',
  pinRemove: 'Take the PIN away',
  pinShape: 'Enter four to eight digits, such as the year of a wedding',
  pinEasy: 'Choose digits that are harder to guess than the same one again and again, or one after the other',
} as const
