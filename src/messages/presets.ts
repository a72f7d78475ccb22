// Messages / presets: the ready-made messages for common purposes, in plain words. Pure. Called through the door of
// this room by the wizard, the calls' voice and the rehearsal.
//
// A preset says what it is time for; greeting, "press any key" and thanks come from words.ts around it. None names an
// illness or a medicine: whoever picks up hears it. `sensitive` marks those from which health can still be inferred
// (UK GDPR Article 9, see the reference on law): they need the receiver's own consent and never stand in an e-mail, on an
// answerphone or in a text to anybody else (docs/decisions/0023).

import type { ScheduleKind } from './words.ts'

export interface Preset {
  /** what is stored; never changes */
  readonly key: string
  /** how it is called in a list */
  readonly title: string
  /** when it fits, in one sentence for the person who chooses */
  readonly hint: string
  /** which schedules it suits; `both` suits all */
  readonly kind: ScheduleKind
  readonly sensitive: boolean
  /** What is said. With the receiver's name where it belongs in the middle; the greeting has it already. */
  text(receiverName?: string): string
  /** What a text message says, where that is not what a voice would say. */
  written?(): string
}

const ALL = [
  {
    key: 'are-you-ok',
    title: 'Are you all right?',
    hint: 'To know every day that all is well.',
    kind: 'check-in',
    sensitive: false,
    text: () => 'This is your call to ask whether you are all right today.',
    written: () => 'Are you all right today?',
  },
  {
    key: 'good-morning',
    title: 'Good morning',
    hint: 'To start the day together and know that the night went well.',
    kind: 'both',
    sensitive: false,
    text: () => 'Good morning. It is time to get up and start the day. We hope that you slept well.',
  },
  {
    key: 'good-night',
    title: 'Good night',
    hint: 'At bedtime, to know that the day ended well.',
    kind: 'both',
    sensitive: false,
    text: () =>
      'It is time to get ready for bed. We hope that you had a good day, and we wish you a good night.',
  },
  {
    key: 'take-morning',
    title: 'What you take in the morning',
    hint: 'For tablets in the morning, without naming them.',
    kind: 'reminder',
    sensitive: true,
    text: () =>
      'Good morning. It is time for what you take in the morning. Please take it now, just as usual.',
  },
  {
    key: 'take-evening',
    title: 'What you take in the evening',
    hint: 'For tablets in the evening, without naming them.',
    kind: 'reminder',
    sensitive: true,
    text: () =>
      'Good evening. It is time for what you take in the evening. Please take it now, just as usual.',
  },
  {
    key: 'take-now',
    title: 'What you take at this time',
    hint: 'For tablets at any other time of the day, without naming them.',
    kind: 'reminder',
    sensitive: true,
    text: () => 'It is time for what you take at this time of the day. Please take it now, just as usual.',
  },
  {
    key: 'planned',
    title: 'A plain reminder',
    hint: 'When a ring at the right time is enough, and nothing more needs saying.',
    kind: 'reminder',
    sensitive: false,
    text: () => 'This is your reminder. It is time for what you have planned for now.',
  },
  {
    key: 'breakfast',
    title: 'Breakfast',
    hint: 'When breakfast is easily forgotten.',
    kind: 'reminder',
    sensitive: false,
    text: () => 'Good morning. It is time for breakfast. Please have something to eat and a warm drink.',
  },
  {
    key: 'lunch',
    title: 'Lunch',
    hint: 'When lunch is easily forgotten.',
    kind: 'reminder',
    sensitive: false,
    text: () => 'It is time for lunch. Please have something to eat now. Enjoy your meal.',
  },
  {
    key: 'supper',
    title: 'Supper',
    hint: 'When the evening meal is easily forgotten.',
    kind: 'reminder',
    sensitive: false,
    text: () => 'It is time for your evening meal. Please have something to eat now. Enjoy your meal.',
  },
  {
    key: 'drink',
    title: 'Have a drink',
    hint: 'Once or more a day, and above all in warm weather.',
    kind: 'reminder',
    sensitive: false,
    text: () =>
      'It is time for a drink. Please pour yourself a glass of water or make a cup of tea, and drink it.',
  },
  {
    key: 'lock-up',
    title: 'Lock the door',
    hint: 'In the evening, before bed.',
    kind: 'reminder',
    sensitive: false,
    text: () =>
      'Please see that the front door and the back door are locked, and that the cooker is off. Then you can rest easy.',
  },
  {
    key: 'appointment',
    title: 'An appointment today',
    hint: 'On the day of an appointment. For one date; say which one in a text of your own if you like.',
    kind: 'reminder',
    sensitive: false,
    text: () =>
      'You have an appointment today. Please look at your calendar for the time, and leave yourself plenty of it to get ready.',
  },
  {
    key: 'bins',
    title: 'Put the bins out',
    hint: 'On the evening before collection.',
    kind: 'reminder',
    sensitive: false,
    text: () =>
      'The bins are collected tomorrow. Please put them out this evening, if it is safe for you to do so.',
  },
  {
    key: 'charge-phone',
    title: 'Charge the telephone',
    hint: 'In the evening, for a mobile or a pendant that needs charging.',
    kind: 'reminder',
    sensitive: false,
    text: () => 'Please put your telephone on its charger now, so that it is ready for tomorrow.',
  },
  {
    key: 'charge-hearing-aid',
    title: 'Charge the hearing aids',
    hint: 'At bedtime.',
    kind: 'reminder',
    sensitive: true,
    text: () =>
      'Before you go to bed, please put your hearing aids in their charger, so that they are ready for tomorrow.',
  },
  {
    key: 'feed-pet',
    title: 'Feed the cat or dog',
    hint: 'When there is an animal in the house.',
    kind: 'reminder',
    sensitive: false,
    text: () => 'It is feeding time. Please give your pet its food and some fresh water.',
  },
  {
    key: 'carer-coming',
    title: 'The carer is coming',
    hint: 'A little before a carer comes, so that the ring at the door is no surprise.',
    kind: 'reminder',
    sensitive: true,
    text: () =>
      'Your carer is coming to see you soon. Please listen for the door, and ask who it is before you open it.',
  },
  {
    key: 'visitor-coming',
    title: 'A visitor is coming',
    hint: 'On the day when family or a friend comes.',
    kind: 'reminder',
    sensitive: false,
    text: () => 'You have a visitor today. Please listen for the door, and ask who it is before you open it.',
  },
  {
    key: 'keep-warm',
    title: 'Keep warm',
    hint: 'On cold days.',
    kind: 'both',
    sensitive: false,
    text: () =>
      'It is cold today. Please put the heating on, close the windows, wear something warm, and have a hot meal and hot drinks.',
  },
  {
    key: 'keep-cool',
    title: 'Keep cool',
    hint: 'In a heatwave.',
    kind: 'both',
    sensitive: false,
    text: () =>
      'It is very hot today. Please drink plenty of water, keep the curtains closed where the sun comes in, and stay indoors until the evening.',
  },
  {
    key: 'move',
    title: 'Move about a little',
    hint: 'For exercises or a short walk every day.',
    kind: 'reminder',
    sensitive: false,
    text: () =>
      'It is time to move about a little. Please do your exercises, or take a short walk if you feel up to it.',
  },
  {
    key: 'family-call',
    title: 'Ring the family',
    hint: 'When somebody waits for a call at a certain time.',
    kind: 'reminder',
    sensitive: false,
    text: (receiverName?: string) =>
      `Your family would love to hear from you today. Please give them a ring${receiverName ? `, ${receiverName}` : ''}.`,
  },
] as const satisfies readonly Preset[]

export type PresetKey = (typeof ALL)[number]['key']

/** All presets, in the order in which they are offered. */
export const PRESETS: readonly (Preset & { key: PresetKey })[] = ALL

/** What a schedule uses until something else is chosen, by its kind. */
export function defaultPreset(kind: ScheduleKind): PresetKey {
  return kind === 'reminder' ? 'planned' : 'are-you-ok'
}

/** The preset of this key, or undefined when there is none. */
export function findPreset(key: string): (Preset & { key: PresetKey }) | undefined {
  return PRESETS.find((preset) => preset.key === key)
}

/** The presets that suit a schedule of this kind, in the order in which they are offered. */
export function presetsFor(kind: ScheduleKind): readonly (Preset & { key: PresetKey })[] {
  if (kind === 'both') return PRESETS
  return PRESETS.filter((preset) => preset.kind === kind || preset.kind === 'both')
}
