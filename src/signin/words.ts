// Signin / words: what the sign-in pages and the e-mail with the code say.

export const words = {
  title: 'Sign in',
  emailLabel: 'What is your e-mail address?',
  emailHint:
    'We send you a code of six digits. There is no password to remember. If you are new here, this makes your account.',
  sendCode: 'Send me a code',
  codeTitle: 'Enter the code',
  codeLabel: 'What is the code?',
  codeHint: 'Six digits. You can copy it from the e-mail and paste it here.',
  codeSent: (email: string) =>
    `We have sent an e-mail to ${email}. It can take a minute to come. Look in your junk mail too.`,
  practice: 'On this practice system the e-mail lies in the inbox of the practice phones page.',
  openInbox: 'Open the inbox',
  signIn: 'Sign in',
  again: 'Send a new code, or use another address',
  startFirst: 'First tell us your e-mail address, then we send you a code.',
  codeMissing: 'Enter the code of six digits from the e-mail',
  refused: {
    wrong: 'That is not the code we sent. Look at the newest e-mail from us and try again',
    expired: 'That code is no longer good. Ask for a new one below',
    'too many tries': 'That was tried too often. Ask for a new code below',
    'too often': 'That was rather often in one minute. Please wait a minute and try again',
    'too many today':
      'We have sent twenty codes to this address since yesterday, and no more for now. Use the newest, sign in on a device on which you have done so before, or try again tomorrow',
    trouble: 'We could not send the code just now. Please try again in a minute',
  },
  mailSubject: (code: string) => `${code} is your CallAssist code`,
  mailHeading: 'Your code',
  mailCode: (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`,
  mailUse: (minutes: number) =>
    `Type it on the page that asked for it. It is good for ${minutes} minutes and works once.`,
  mailNotYou: 'If you did not ask for it, you can forget this e-mail: nobody can sign in without the code.',
} as const
