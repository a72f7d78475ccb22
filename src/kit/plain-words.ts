// Kit / plain words: lists, counts and possessives as people say them, and digits for a voice. Pure. Called by
// every room's words.ts, so that "once", "Ada's" and "a, b and c" are spelt the same way everywhere.

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const ORDINALS =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first'.split(
    ' ',
  )

/** "Ada", "Ada and Ben", "Ada, Ben and Cara"; nothing for nothing. `joint` is the last word between: "and" or "or". */
export function listOf(items: readonly string[], joint: 'and' | 'or' = 'and'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${joint} ${items.at(-1)}`
}

/**
 * "Ada's", "James's". Always 's, also after an s, because that is how it is said. The apostrophe is the plain one:
 * the curly one would turn a text message into the long and dear alphabet.
 */
export function possessive(name: string): string {
  return `${name}'s`
}

/** "once", "twice", "three times", "11 times"; 0 is "no times", so say "never" or "not at all" where it can be 0. */
export function timesInWords(count: number): string {
  if (count === 1) return 'once'
  if (count === 2) return 'twice'
  return `${numberInWords(count)} times`
}

/** "three", "ten", "11": words up to ten, figures above. 0 is "no". */
export function numberInWords(count: number): string {
  return NUMBERS[count] ?? String(count)
}

/** "1 call", "3 calls", "no calls". `many` for plurals that do more than take an s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`
}

/** "first", … "thirty-first", then "32nd". From 1. */
export function ordinalInWords(place: number): string {
  return ORDINALS[place] ?? ordinal(place)
}

/** "1st", "2nd", "23rd", "111th". */
export function ordinal(place: number): string {
  const isTeen = Math.floor((place % 100) / 10) === 1
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th')
  return `${place}${ending}`
}

/** "Today at 6pm" from "today at 6pm". Only the first letter changes. */
export function capitalised(sentence: string): string {
  return sentence.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())
}

/**
 * Digits for a voice, one by one with a short rest between groups: "482913" is "4 8 2, 9 1 3". Any voice reads single
 * digits rightly, where "482913" may become a number of hundreds of thousands. Other characters separate groups.
 */
export function spokenDigits(digits: string): string {
  return digits
    .split(/\D+/)
    .flatMap(restingPlaces)
    .map((group) => [...group].join(' '))
    .join(', ')
}

/** Up to five digits are said in one breath; longer runs in threes, never with one digit left over. */
function restingPlaces(digits: string): string[] {
  if (digits.length <= 5) return digits === '' ? [] : [digits]
  const first = digits.length % 3 === 1 ? 4 : 3
  return [digits.slice(0, first), ...(digits.slice(first).match(/\d{1,3}/g) ?? [])]
}
