// Calls / replies: what a receiver means by a text. Pure. Called by texts.ts.
//
// "OK but I have fallen" must not count as well, and a cry for help must never be asked back. So help is heard in any sentence,
// and a yes is heard only where every word says yes or is mere politeness. Anything else is asked again.
import { wordsOf } from '../kit/text-words.ts'

/** `no` is N, by which our texts let somebody be asked for; `help` a cry for help in the sender's own words. */
export type Meant = 'yes' | 'no' | 'help' | 'thanks' | 'something else'

/** Y is what we ask for. YES counts too: some networks keep it for themselves, but pass it on (telephony.md §1.6). */
const yes = new Set('y yes yep yeah ok okay k 1 fine alright done taken 👍'.split(' '))
const no = new Set('n no nope'.split(' '))
const thanks = new Set('thanks thank ta cheers'.split(' '))
const polite = new Set(
  'thanks thank you ta cheers so much very many please love dear x xx and i im am is it all well good here today now have ive them read got it hello hi morning evening feeling'.split(
    ' ',
  ),
)
const cries = new Set(
  'help sos fell fallen falling hurt hurting pain pains ill unwell poorly sick dizzy faint bleeding ambulance emergency 999 stroke stuck frightened scared'.split(
    ' ',
  ),
)
/** Not well, not ok: a yes with one of these before it. */
const nots = new Set('not isnt arent never no dont cant'.split(' '))

export function meaningOf(body: string): Meant {
  const words = withoutThanksForHelp(joined(wordsOf(body)))
  if (words.length === 0) return 'something else'
  if (words.some((word) => cries.has(word)) || isNotWell(words)) return 'help'
  if (no.has(words[0]!) && words.every((word) => no.has(word) || polite.has(word))) return 'no'
  if (words.some((word) => yes.has(word)) && words.every((word) => yes.has(word) || polite.has(word)))
    return 'yes'
  if (words.some((word) => thanks.has(word)) && words.every((word) => polite.has(word))) return 'thanks'
  return 'something else'
}

/** Whether it is just the letter that our texts ask for. */
export function isAskedFor(body: string): boolean {
  const words = wordsOf(body)
  return words.length === 1 && ['y', 'n'].includes(words[0]!)
}

/** HELP and INFO alone are answered by the network itself: two answers would only confuse (telephony.md §1.6). */
export function isAnsweredByNetwork(body: string): boolean {
  return /^\s*(?:help|info)\s*$/i.test(body)
}

/** "all right" is one word in two. */
const joined = (words: string[]): string[] =>
  words.flatMap((word, place) => {
    if (word === 'all' && words[place + 1] === 'right') return ['alright']
    return word === 'right' && words[place - 1] === 'all' ? [] : [word]
  })

function isNotWell(words: readonly string[]): boolean {
  return words.some((word, place) => {
    const before = words.slice(Math.max(0, place - 2), place)
    return (
      ['ok', 'okay', 'fine', 'alright', 'well', 'good', 'right'].includes(word) &&
      before.some((one) => nots.has(one) && one !== 'no')
    )
  })
}

/** "Thank you for your help" asks for none. */
function withoutThanksForHelp(words: string[]): string[] {
  const at = words.indexOf('help')
  const isThanked = words.slice(0, at).some((word) => thanks.has(word)) && words.slice(0, at).includes('for')
  return at > 0 && isThanked
    ? words.toSpliced(at, 1).filter((word) => word !== 'for' && word !== 'your')
    : words
}
