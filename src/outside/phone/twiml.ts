// Outside / phone / TwiML: renders a script into Twilio's language of what to say and ask. Pure. Called by twilio.ts.
// Rules and sources: reference/telephony.md §1.5.
import MessagingResponse from 'twilio/lib/twiml/MessagingResponse.js'
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'
import { plain } from '../../kit/gsm7.ts'
import { cleanLine, cleanLines } from '../../kit/typed-text.ts'
import type { Addresses, Gather, Record as Recording, Script, Sound } from './port.ts'

const voice = { voice: 'Polly.Amy-Neural', language: 'en-GB' } as const
/** The longest text one `<Say>` may hold, in characters. */
const longestSay = 4096
/** The largest answer Twilio reads, in bytes (error 11750). */
const largestAnswer = 64 * 1024
/** The longest text message, in characters (error 21617). */
export const longestText = 1600

/**
 * A script as TwiML. Sounds before a gather are played inside it, because a key pressed outside of one is lost; what stands
 * after a gather or a recording can never be reached, since both always report, and is left out.
 * @throws when the answer is larger than Twilio reads: a bug of whoever wrote the script
 */
export function renderScript(script: Script, where: Addresses): string {
  const response = new VoiceResponse()
  let before: Sound[] = []
  for (const verb of script) {
    if (verb.do === 'gather') {
      renderGather(response, { ...verb, sounds: [...before, ...verb.sounds] }, where)
      return whole(response.toString())
    }
    if (verb.do === 'record' || verb.do === 'hang up') {
      for (const sound of before) renderSound(response, sound, where)
      before = []
      if (verb.do === 'record') {
        renderRecord(response, verb, where)
        return whole(response.toString())
      }
      response.hangup()
    } else {
      before.push(verb)
    }
  }
  for (const sound of before) renderSound(response, sound, where)
  return whole(response.toString())
}

/** One text back to the sender of a text. */
export function renderReply(text: string): string {
  const response = new MessagingResponse()
  response.message(cleanText(text))
  return response.toString()
}

/** A text message as Twilio takes it: without control characters, line ends kept, in as few parts as its words allow. */
export function cleanText(text: string): string {
  return plain(withoutNonCharacters(cleanLines(text)))
}

/** U+FFFE and U+FFFF stand for nothing and may not stand in XML (XML 1.0 §2.2). */
function withoutNonCharacters(text: string): string {
  return text.replace(/[\ufffe\uffff]/g, '')
}

/** A key of any kind, at any moment, or silence: all of it comes back to `actionUrl`. Of several keys `#` is the end. */
function renderGather(
  response: VoiceResponse,
  { sounds, waitSeconds, keys = 1 }: Gather,
  where: Addresses,
): void {
  const gather = response.gather({
    input: ['dtmf'],
    numDigits: keys,
    finishOnKey: keys === 1 ? '' : '#',
    actionOnEmptyResult: true,
    timeout: Math.max(1, Math.round(waitSeconds)),
    action: where.actionUrl,
    method: 'POST',
  })
  for (const sound of sounds) renderSound(gather, sound, where)
}

/** How long a person may think, in seconds, before what they say counts as finished. */
const thinkingSeconds = 5

/** After an empty recording Twilio asks nobody and goes on with the next verb: that one reports the silence. */
function renderRecord(response: VoiceResponse, { maxSeconds }: Recording, where: Addresses): void {
  response.record({
    maxLength: maxSeconds,
    timeout: thinkingSeconds,
    finishOnKey: '#',
    playBeep: true,
    trim: 'trim-silence',
    action: where.actionUrl,
    method: 'POST',
    ...(where.recordingUrl && {
      recordingStatusCallback: where.recordingUrl,
      recordingStatusCallbackMethod: 'POST',
      recordingStatusCallbackEvent: ['completed'],
    }),
  })
  response.redirect({ method: 'POST' }, where.actionUrl)
}

/** What both a response and a gather can play. */
type Playing = Pick<VoiceResponse.Gather, 'say' | 'play' | 'pause'>

function renderSound(into: Playing, sound: Sound, where: Addresses): void {
  switch (sound.do) {
    case 'say':
      for (const piece of pieces(cleanLine(withoutNonCharacters(sound.text)))) into.say(voice, piece)
      return
    case 'play':
      into.play(where.audioUrl(sound.recordingId))
      return
    case 'pause':
      into.pause({ length: Math.max(1, Math.round(sound.seconds)) })
  }
}

/** Cut at the last end of a sentence, or else the last space, that fits into one `<Say>`. */
function pieces(text: string): string[] {
  if (text === '') return []
  if (text.length <= longestSay) return [text]
  const head = text.slice(0, longestSay)
  const sentence = Math.max(head.lastIndexOf('. '), head.lastIndexOf('? '), head.lastIndexOf('! ')) + 1
  const cut = sentence || head.lastIndexOf(' ')
  const at = cut > 0 ? cut : [...head].slice(0, -1).join('').length // never within a character of two halves
  return [text.slice(0, at).trim(), ...pieces(text.slice(at).trim())]
}

function whole(answer: string): string {
  if (Buffer.byteLength(answer) > largestAnswer)
    throw new Error('the script is larger than the provider reads')
  return answer
}
