// Kit / drama numbers: the British numbers that Ofcom keeps free for films, and that examples, tests and rehearsals
// use, so that no demonstration can ring anybody. The number library calls some of them invalid. Pure; called by
// phone-number.ts, and by whoever must be sure that a number is nobody's.
//
// Source: Ofcom, "Telephone numbers for use in TV and radio drama programmes",
// https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
// Its freephone (0808 157 0xxx) and premium (0909 879 0xxx) ranges are left out: we refuse those kinds anyway.

/** Digits after +44; each is followed by three digits, 000 to 999. */
export const DRAMA_RANGES: readonly string[] = [
  '1134960', // Leeds
  '1144960', // Sheffield
  '1154960', // Nottingham
  '1164960', // Leicester
  '1174960', // Bristol
  '1184960', // Reading
  '1214960', // Birmingham
  '1314960', // Edinburgh
  '1414960', // Glasgow
  '1514960', // Liverpool
  '1614960', // Manchester
  '1632960', // no area
  '1914980', // Tyneside, Durham, Sunderland
  '2079460', // London
  '2896496', // Northern Ireland
  '2890180', // Northern Ireland, in earlier editions of the list
  '2920180', // Cardiff
  '3069990', // the whole of the United Kingdom
  '7700900', // mobiles
]

/** True for a whole number of such a range, in international form: '+441632960101'. */
export function isDramaNumber(e164: string): boolean {
  return /^\+44\d{10}$/.test(e164) && DRAMA_RANGES.includes(e164.slice(3, 10))
}
