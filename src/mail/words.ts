// Mail / words: what stands in every e-mail, and what is said of one that did not get through. Pure.

export const brand = 'CallAssist'

/** The last lines of every e-mail. */
export const footer: readonly string[] = [
  'CallAssist makes telephone calls to people who live alone, and finds somebody when they do not answer.',
  'It is not an emergency service. In an emergency ring 999.',
]

/** In the plain text, before an address that is a button in the picture of the e-mail. */
export const asText = (label: string, url: string): string => `${label}:\n${url}`

/** Why an e-mail was given up: shown to operators beside it. */
export const givenUp = {
  tooLate: 'It was no longer useful when its turn came, so it was not sent.',
  notInTime: (reason: string) => `The mail server did not take it in time. It said: ${reason}`,
  refused: (reason: string) => `The mail server refused it. It said: ${reason}`,
} as const
