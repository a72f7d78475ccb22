// Kit / typed text: cleans what a person typed or pasted (spaces, invisible and control characters, length) and
// reads a name. Pure. Called by every form before anything is decided or stored.

export type ReadText =
  | { ok: true; text: string }
  | {
      ok: false
      /** a sentence that says what to do */
      reason: string
    }

/** Characters of a name, at most. Counted as characters, not as bytes. */
export const NAME_LIMIT = 80

/**
 * One line of plain text: composed (NFC), without control, invisible and direction characters (which could make a
 * name show as another one) and halves of characters (which the database cannot store), single spaces, trimmed.
 */
export function cleanLine(typed: string): string {
  return visible(typed)
    .replace(/[\p{White_Space}\p{Cc}]+/gu, ' ')
    .trim()
    .normalize('NFC')
}

/** The same for several lines: line ends are kept, at most one empty line between paragraphs. */
export function cleanLines(typed: string): string {
  return visible(typed)
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/u)
    .map(cleanLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Characters as a person counts them, near enough: an accented letter is one, an emoji is one or two. */
export function lengthOf(text: string): number {
  return [...text].length
}

/** Every decimal digit of any script as 0 to 9: "０７" and "٠٧" become "07". Nothing else changes. */
export function withPlainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => String(valueOfDigit(digit)))
}

/**
 * A line of text, cleaned and measured.
 * @param what what it is, to be named in the refusal: "the name", "the reason"
 * @param min characters at least; 0 lets it be left empty
 */
export function readLine(typed: string, limits: { what: string; min?: number; max: number }): ReadText {
  return measured(cleanLine(typed), limits)
}

/** Several lines of text, cleaned and measured, as `readLine`. */
export function readLines(typed: string, limits: { what: string; min?: number; max: number }): ReadText {
  return measured(cleanLines(typed), limits)
}

/**
 * A person's name as the family says it: 1 to 80 characters with at least one letter. Web and e-mail addresses are
 * refused, since names travel in our calls, texts and e-mails to third people.
 * @param whose named in the refusal: "the name", "your name"
 */
export function readName(typed: string, whose = 'the name'): ReadText {
  const name = readLine(typed, { what: whose, min: 1, max: NAME_LIMIT })
  if (!name.ok) return name
  if (/@|:\/\/|\bwww\.|<|>/i.test(name.text)) {
    return { ok: false, reason: `Please type only ${whose} here, without a web or e-mail address.` }
  }
  if (!/\p{L}/u.test(name.text)) return { ok: false, reason: `Please type ${whose} with letters.` }
  return name
}

function measured(text: string, limits: { what: string; min?: number; max: number }): ReadText {
  const { what, min = 1, max } = limits
  const length = lengthOf(text)
  if (length === 0 && min > 0) return { ok: false, reason: `Please type ${what}.` }
  if (length < min) {
    return { ok: false, reason: `This is too short. Please type at least ${min} characters.` }
  }
  if (length > max) {
    return {
      ok: false,
      reason: `This is too long. Please use at most ${max} characters. You typed ${inThousands(length)}.`,
    }
  }
  return { ok: true, text }
}

/** Without characters that show nothing (zero width, direction, fillers), private ones, and lone surrogates. */
function visible(typed: string): string {
  return typed.replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}\p{Cs}]/gu, '')
}

function inThousands(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** Unicode keeps the ten digits of a script together in order, so the value is the distance from the run's start. */
function valueOfDigit(digit: string): number {
  const code = digit.codePointAt(0)!
  let before = 0
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++
  return before % 10
}
