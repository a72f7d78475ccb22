// Kit / text words: the words of a text message as people thumb them, made comparable. Pure. Called by every room that reads
// what somebody texted back.

/**
 * Lower case, without marks: "O.K.!" is "ok", "I'll" is "ill", "ok27" is two words, "👍🏽" is "👍". A question mark stays, as a word of
 * its own, because a question is never a yes. Reads the first 500 characters.
 */
export function wordsOf(body: string): string[] {
  return body
    .slice(0, 500)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('?', ' ? ')
    .replaceAll(/👍[\u{1f3fb}-\u{1f3ff}]?/gu, ' 👍 ')
    .replaceAll(/\b([a-z])\.(?=[a-z]\b)/g, '$1')
    .replaceAll(/['’]/g, '')
    .replaceAll(/(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/gu, ' ')
    .replaceAll(/[^\p{L}\p{N}?👍]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
}
