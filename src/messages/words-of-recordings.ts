// Messages / words of recordings: what is said when an uploaded file cannot be used. What is said of the sound itself stands
// in web/words.ts, because the recorder in the page says the same. Pure.

export const uploadRefusal = {
  /** no converter on this machine */
  wavOnly: () =>
    'We could not read that file. Only WAV files can be used here: choose a file ending in .wav, or record the message in the browser.',
  notSound: () =>
    'We could not find any sound in that file. Choose a sound file, for example one ending in .mp3, .m4a or .wav, or record the message in the browser.',
} as const
