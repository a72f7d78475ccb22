// Kit / GSM-7: the telephones' own alphabet of seven bits, how many parts a text is sent in, and how to stay within that
// alphabet. Pure. Called where texts leave (outside/phone), where they are made, and by the exchange, which counts as networks do.
//
// One character outside the alphabet, and be it a curly apostrophe, turns the whole text into the long alphabet: then 70
// characters fill a part and not 160, and it costs more than twice as much.
// Source: 3GPP TS 23.038 §6.2.1 (alphabet and extension table), TS 23.040 §9.2.3.24.1 (six bytes of each part name the whole).

const letters = /^[\n\r@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]$/u
/** These are sent as two: a sign that announces the extension table, and a letter of it. */
const extended = /^[\f^{}\\[~\]|€]$/u

/** How many characters one part holds, alone and as one of several. */
const sevenBits = { alone: 160, ofSeveral: 153 }
const sixteenBits = { alone: 70, ofSeveral: 67 }

/** Whether telephones can show this text in their own alphabet. */
export function isGsm7(text: string): boolean {
  return [...text].every((character) => letters.test(character) || extended.test(character))
}

/**
 * In how many parts a text is sent, each paid for: 160 characters of the 7-bit alphabet or 70 others fill one, 153 or 67 each of
 * several. What takes two places (the extension table, an emoji) is never torn apart. At least 1.
 */
export function segments(text: string): number {
  const isPlain = isGsm7(text)
  const { alone, ofSeveral } = isPlain ? sevenBits : sixteenBits
  const places = [...text].map((character) => placesOf(character, isPlain))
  if (places.reduce((sum, place) => sum + place, 0) <= alone) return 1
  let parts = 1
  let filled = 0
  for (const place of places) {
    if (filled + place > ofSeveral) {
      parts++
      filled = 0
    }
    filled += place
  }
  return parts
}

const placesOf = (character: string, isPlain: boolean): number =>
  isPlain ? (extended.test(character) ? 2 : 1) : character.length

/** What printers and word processors use, and letters whose accent cannot simply be taken off. */
// biome-ignore format: a table is read in rows
const plainer: Readonly<Record<string, string>> = {
  '‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '´': "'", '`': "'", 'ʼ': "'",
  '“': '"', '”': '"', '„': '"', '‟': '"', '″': '"', '«': '"', '»': '"',
  '‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '―': '-', '−': '-', '•': '-', '·': '-',
  '…': '...', '×': 'x', '⁄': '/', '½': '1/2', '¼': '1/4', '¾': '3/4', '№': 'No.',
  'Œ': 'OE', 'œ': 'oe', 'Ł': 'L', 'ł': 'l', 'Đ': 'D', 'đ': 'd', 'Ð': 'D', 'ð': 'd', 'Þ': 'Th', 'þ': 'th', 'ı': 'i',
}

/**
 * The same text in the telephones' own alphabet: typographic marks, unusual spaces and accents that it lacks give way to plain
 * ones ("Siân’s" is "Sian's"; é, à, ö, ñ and the like stay). A text with even one character for which there is no plain one
 * (another script, an emoji) must go out in the long alphabet anyway, and then keeps every letter as it was written.
 */
export function plain(text: string): string {
  const composed = text.normalize('NFC')
  const plainest = [...composed].map(plainCharacter).join('')
  return isGsm7(plainest) ? plainest : composed
}

function plainCharacter(character: string): string {
  if (letters.test(character) || extended.test(character)) return character
  if (plainer[character] !== undefined) return plainer[character]
  // joiners, marks of direction and the like have no width: nobody misses them
  if (/^\p{Cf}$/u.test(character)) return ''
  if (/^[\p{Zs}\t]$/u.test(character)) return ' '
  if (/^[\u2028\u2029\u0085]$/u.test(character)) return '\n'
  const base = character.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  return /^[A-Za-z0-9]+$/.test(base) ? base : character
}
