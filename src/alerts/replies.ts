// Alerts / replies: what somebody means by the text they sent back. Pure. Called by texts.ts.
//
// "OK who is this?" and "yes but I can't" must not count: a false acceptance leaves somebody alone, a question costs one
// text more. So every word must be one that says yes, or says about whom, or is mere politeness; anything else is asked again.
import { wordsOf } from '../kit/text-words.ts'

/** About whom, as far as a text says: by code, by name, or "all"; nothing of it: it does not say. */
export interface About {
  codes: readonly string[]
  /** places in the list that was given */
  named: readonly number[]
  isAll: boolean
}

export type Meant =
  | { is: 'yes'; about: About }
  | { is: 'fine'; about: About }
  | { is: 'thanks' }
  | { is: 'something else' }

/** OK is what we ask for. 1 and YES count too (some networks keep YES for themselves, but pass it on). */
const yes = new Set(['ok', 'okay', 'k', '1', 'yes', 'y', 'yep', 'yeah', '👍'])
const all = new Set(['all', 'both', 'everybody', 'everyone'])
const fine = new Set(['fine'])
const aroundFine = new Set('all is well she he shes hes they are theyre now and'.split(' '))
const thanks = new Set(['thanks', 'thank', 'ta', 'cheers'])
const polite = new Set(
  'thanks thank you ta cheers so much many please will do i ill go going am im on my way now see to it x xx and for'.split(
    ' ',
  ),
)
const code = /^[2-9]{2}$/

/** @param receivers the names that this person may mean */
export function meaningOf(body: string, receivers: readonly string[]): Meant {
  const words = wordsOf(body)
  if (words.length === 0 || words.length > 12) return { is: 'something else' }
  const names = namesOf(receivers)
  const says = (...sets: readonly ReadonlySet<string>[]) =>
    words.every((word) => sets.some((set) => set.has(word)) || code.test(word) || names.has(word))
  const about = aboutOf(words, names)

  if (words.some((word) => fine.has(word)) && says(fine, aroundFine, polite, yes, all))
    return { is: 'fine', about: { ...about, isAll: isAllFine(words) } }
  if (says(yes, all, polite) && isYes(words, names)) return { is: 'yes', about }
  if (words.some((word) => thanks.has(word)) && words.every((word) => polite.has(word)))
    return { is: 'thanks' }
  return { is: 'something else' }
}

/**
 * "OK", "OK 27", "27 ok", "27", "ok Ada", "Ada", "OK ALL", "both". But "all ok" and "Ada ok" may say how they are, and do not
 * say that anybody goes.
 */
function isYes(words: readonly string[], names: ReadonlyMap<string, number>): boolean {
  const first = words[0]!
  if (yes.has(first)) return true
  if (code.test(first)) return true
  return (all.has(first) || names.has(first)) && !words.some((word) => yes.has(word))
}

/** "FINE ALL", "both fine"; "all fine" is said of one as well. */
function isAllFine(words: readonly string[]): boolean {
  return words.includes('both') || /^fine all\b/.test(words.join(' '))
}

function aboutOf(words: readonly string[], names: ReadonlyMap<string, number>): About {
  const named = words.flatMap((word) => names.get(word) ?? [])
  return {
    codes: words.filter((word) => code.test(word)),
    named: [...new Set(named)],
    isAll: words.some((word) => all.has(word)),
  }
}

/** The first word of each name, where it says only one of them and is no word that means something else here. */
function namesOf(receivers: readonly string[]): Map<string, number> {
  const firsts = receivers.map((name) => wordsOf(name)[0] ?? '')
  const known = [yes, all, fine, aroundFine, thanks, polite]
  return new Map(
    firsts.flatMap((first, at): [string, number][] =>
      first !== '' &&
      firsts.indexOf(first) === firsts.lastIndexOf(first) &&
      !known.some((set) => set.has(first))
        ? [[first, at]]
        : [],
    ),
  )
}
