// Exchange / sentences: cuts spoken text into the sentences a listener hears one after another. Pure. Called by speaking.ts.

/** Short forms whose full stop ends no sentence. */
const titles = /(?:^|\s)(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|No)\.$/

/**
 * The sentences of `text`, trimmed, in order. A sentence ends at `.`, `!`, `?` or `…` (and closing quotes) before white space.
 */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  let open = ''
  for (const part of text.trim().split(/(?<=[.!?…]["'”’)]*)\s+/)) {
    open = open === '' ? part : `${open} ${part}`
    if (titles.test(open)) continue
    sentences.push(open)
    open = ''
  }
  if (open !== '') sentences.push(open)
  return sentences.map((sentence) => sentence.replaceAll(/\s+/g, ' ')).filter((sentence) => sentence !== '')
}

/** One sentence and when it begins, in milliseconds from the beginning of the whole. */
export interface TimedSentence {
  text: string
  fromMs: number
}

/** When each sentence begins, taking the speaker to be equally fast throughout. */
export function timedSentences(text: string, durationMs: number): TimedSentence[] {
  const sentences = sentencesOf(text)
  const all = sentences.reduce((sum, sentence) => sum + sentence.length, 0)
  let spoken = 0
  return sentences.map((sentence) => {
    const fromMs = Math.round((durationMs * spoken) / all)
    spoken += sentence.length
    return { text: sentence, fromMs }
  })
}
