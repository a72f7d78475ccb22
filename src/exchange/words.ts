// Exchange / words: what the telephone network itself says and writes, as the real provider does. Pure.

/** Spoken when the customer's server cannot say what to do. */
export const applicationError = (): string => 'We are sorry. An application error has occurred. Goodbye.'

/** Answer to STOP and its like. */
export const stopped = (): string =>
  'You have been unsubscribed and will get no more messages from this number. Reply START to get them again.'

/** Answer to START and its like, when they had been stopped. */
export const startedAgain = (): string =>
  'You will get messages from this number again. Reply HELP for help, STOP to unsubscribe.'

/** Answer to HELP and INFO. */
export const help = (): string => 'Reply STOP to unsubscribe. Your network may charge for texts.'
