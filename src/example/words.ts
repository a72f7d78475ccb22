// Example / words: what is said while the quiet village is being made.

export const words = {
  title: 'A quiet village',
  waiting: 'We are getting the village ready. It takes about half a minute.',
  how: 'Four people live there. Their last three weeks are being lived through now by the real system, on practice telephones: every ring, every missed call, every neighbour who said "I will see to it".',
  reload: 'This page looks again by itself.',
  look: 'Look again',
  failed: 'The village could not be made just now.',
  again: 'Try again',
} as const
