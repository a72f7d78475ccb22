// Alerts / replies: what somebody means by the text they sent back. Pure. Called by texts.ts.
//
// "OK who is this?" and "yes but I can't" must not count: a false acceptance leaves somebody alone, a question costs one
// text more. So every word must be one that says yes or is mere politeness; anything else is asked again.

export type Meant = 'yes' | 'fine' | 'thanks' | 'something else'

/** OK is what we ask for. 1 and YES count too (some networks keep YES for themselves, but pass it on). */
const yes = new Set(['ok', 'okay', 'k', '1', 'yes', 'y', 'yep', 'yeah', '👍'])
const fine = new Set(['fine'])
const aroundFine = new Set([
  'all',
  'is',
  'well',
  'she',
  'he',
  'shes',
  'hes',
  'they',
  'are',
  'theyre',
  'now',
  'and',
])
const thanks = new Set(['thanks', 'thank', 'ta', 'cheers'])
const polite = new Set(
  'thanks thank you ta cheers so much many please will do i ill go going am im on my way now see to it x xx and'.split(
    ' ',
  ),
)

export function meaningOf(body: string): Meant {
  const words = wordsOf(body)
  if (words.length === 0 || words.length > 12) return 'something else'
  if (
    words.some((word) => fine.has(word)) &&
    words.every((word) => fine.has(word) || aroundFine.has(word) || polite.has(word) || yes.has(word))
  )
    return 'fine'
  if (yes.has(words[0]!) && words.every((word) => yes.has(word) || polite.has(word))) return 'yes'
  if (words.some((word) => thanks.has(word)) && words.every((word) => polite.has(word))) return 'thanks'
  return 'something else'
}

/** Lower case, without marks: "O.K.!" is "ok", "I'll" is "ill". A question mark stays, as a word of its own that nothing allows. */
function wordsOf(body: string): string[] {
  return body
    .slice(0, 500)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('?', ' ? ')
    .replaceAll(/👍[\u{1f3fb}-\u{1f3ff}]?/gu, ' 👍 ')
    .replaceAll(/\b([a-z])\.(?=[a-z]\b)/g, '$1')
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^\p{L}\p{N}?👍]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
}
