// Exchange / speaking: carries out a document on an answered call with true timing: says, plays, pauses, listens for keys, records,
// goes on to other documents, hangs up (telephony.md §1.5). Everything begun belongs to a turn of the call; when a key, the customer
// or a hang-up interrupts, the turn is over and what comes back from it is ignored. Called by calls.ts.
import { fetchDocument } from './documents.ts'
import { endCall, interrupt, setAnswered, wait } from './life.ts'
import { isOver, type Leg, type Network, type Place, type Played, waitFor } from './network.ts'
import { startPlaying, stopPlaying } from './playing.ts'
import { record, recordingKey } from './recording.ts'
import { timedSentences } from './sentences.ts'
import { playingMs } from './sound.ts'
import { note, request } from './telling.ts'
import type { GatherVerb, Method, Sound, Verb } from './twiml.ts'
import { parseTwiml } from './twiml.ts'
import { speakingMs } from './voice.ts'
import { absolute, type Params } from './webhooks.ts'
import { applicationError } from './words.ts'

/** So many documents at one instant go round in a circle. */
const documentsAtOnce = 50
/** The largest sound that can be played, in bytes. */
const largestSound = 40 * 1024 * 1024

type Then = (at: number) => void

/** Begin a document: fetch it, or read the one given with the call. */
export function beginDocument(network: Network, leg: Leg, at: number): void {
  const { voice, twiml } = leg.call.asked
  if (twiml !== null) carryOutText(network, leg, at, twiml)
  else if (voice) goTo(network, leg, at, voice)
  else endCall(network, leg, 'failed', at, { error: 21205 })
}

/** Break off whatever goes on and carry out this document instead. */
export function carryOutText(network: Network, leg: Leg, at: number, twiml: string): void {
  interrupt(leg, at)
  leg.ear = null
  leg.tape = null
  const read = parseTwiml(twiml)
  if (read.ok) {
    carryOut(network, leg, at, { place: null, verbs: read.verbs })
    return
  }
  note(network, leg.call, read.code, 0, read.reason, null)
  sayError(network, leg, at)
}

/** Break off whatever goes on, fetch a document and carry it out. */
export function goTo(network: Network, leg: Leg, at: number, place: Place, extra: Params = {}): void {
  interrupt(leg, at)
  leg.ear = null
  leg.tape = null
  leg.fetchedHere = leg.fetchedAt === at ? leg.fetchedHere + 1 : 1
  leg.fetchedAt = at
  if (leg.fetchedHere > documentsAtOnce) {
    note(network, leg.call, 12200, 0, 'the same documents again and again at one instant', place)
    sayError(network, leg, at)
    return
  }
  const { turn } = leg
  network.timeline.add(at, async (began) => {
    if (leg.turn !== turn) return
    const [fetched, now] = await waitFor(network, began, fetchDocument(network, leg.call, place, extra))
    if (leg.turn !== turn || isOver(leg)) return
    if (fetched) carryOut(network, leg, now, fetched)
    else sayError(network, leg, now)
  })
}

function sayError(network: Network, leg: Leg, at: number): void {
  carryOut(network, leg, at, { place: null, verbs: [{ do: 'say', text: applicationError() }] })
}

function carryOut(
  network: Network,
  leg: Leg,
  at: number,
  document: { place: Place | null; verbs: readonly Verb[] },
): void {
  leg.document = { ...document, next: 0 }
  if (leg.call.answeredAt === null && !takeIn(network, leg, at, document.verbs[0])) return
  nextVerb(network, leg, at)
}

/** A call that comes in is answered by its first document, unless that begins with a Reject. */
function takeIn(network: Network, leg: Leg, at: number, first: Verb | undefined): boolean {
  if (first?.do === 'reject') {
    endCall(network, leg, 'busy', at, { sip: first.reason === 'busy' ? 486 : 603, result: first.reason })
    return false
  }
  setAnswered(network, leg, at, 'human')
  return true
}

function nextVerb(network: Network, leg: Leg, at: number): void {
  const { document } = leg
  const verb = document?.verbs[document.next++]
  if (!verb) {
    endCall(network, leg, 'completed', at)
    return
  }
  const goOn: Then = (now) => nextVerb(network, leg, now)
  switch (verb.do) {
    case 'say':
    case 'play':
    case 'pause':
      playAll(network, leg, at, [verb], goOn)
      return
    case 'gather':
      gather(network, leg, at, verb)
      return
    case 'record':
      record(network, leg, at, verb, {
        goOn,
        goTo: (now, url, method, extra) => follow(network, leg, now, url, method, extra),
      })
      return
    case 'redirect':
      follow(network, leg, at, verb.url, verb.method)
      return
    case 'hang up':
    case 'reject':
      endCall(network, leg, 'completed', at)
      return
    case 'message':
      note(network, leg.call, 12200, 1, 'Message is not carried out in a call here', document?.place ?? null)
      goOn(at)
      return
  }
}

/** Go to an address written in the document, seen from where the document came from; none means the same document again. */
function follow(
  network: Network,
  leg: Leg,
  at: number,
  url: string | null,
  method: Method,
  extra: Params = {},
): void {
  const from = leg.document?.place?.url
  const target = absolute(url ?? from ?? '', from)
  if (target !== null) {
    goTo(network, leg, at, { url: target, method }, extra)
    return
  }
  note(network, leg.call, 11100, 0, 'the document names no address that can be asked', null)
  sayError(network, leg, at)
}

/** Play one sound after the other, then go on. */
function playAll(
  network: Network,
  leg: Leg,
  at: number,
  sounds: readonly Sound[],
  then: Then,
  index = 0,
): void {
  const sound = sounds[index]
  if (!sound) {
    then(at)
    return
  }
  const goOn: Then = (now) => {
    stopPlaying(leg, now)
    playAll(network, leg, now, sounds, then, index + 1)
  }
  if (sound.do === 'pause') {
    wait(network, leg, at + sound.seconds * 1000, goOn)
    return
  }
  const { turn } = leg
  wait(network, leg, at, async (began) => {
    const [played, now] = await waitFor(network, began, prepare(network, leg, sound))
    if (leg.turn !== turn || isOver(leg)) return
    if (!played) return goOn(now)
    startPlaying(leg, { ...played, startedAt: now, stoppedAt: null })
    network.changed()
    wait(network, leg, now + played.durationMs, goOn)
  })
}

type Prepared = Omit<Played, 'startedAt' | 'stoppedAt'>

/** Get a sound ready to play: how long it lasts and what is heard of it when. Null when it cannot be played. */
async function prepare(
  network: Network,
  leg: Leg,
  sound: Sound & { do: 'say' | 'play' },
): Promise<Prepared | null> {
  if (sound.do === 'say') {
    const durationMs = await speakingMs(network.voice, sound.text, network.log)
    const id = network.sounds.keepSaid(sound.text)
    return {
      id,
      kind: 'say',
      text: sound.text,
      durationMs,
      sentences: timedSentences(sound.text, durationMs),
    }
  }
  const url = absolute(sound.url, leg.document?.place?.url) ?? sound.url
  const place: Place = { url, method: 'GET' }
  const done = await request(network, leg.call, place, {}, { answerBytes: largestSound })
  if (done.code !== null) {
    note(network, leg.call, done.code, 0, `Play: ${done.reason}`, place)
    return null
  }
  const durationMs = playingMs(done.contentType, done.bytes)
  if (durationMs === null) {
    note(network, leg.call, 13420, 0, `Play: ${done.contentType} cannot be played`, place)
    return null
  }
  const id = network.sounds.keepPlayed(leg.call.sid, done.contentType ?? '', done.bytes)
  return { id, kind: 'play', text: null, durationMs, sentences: [{ text: `recording:${url}`, fromMs: 0 }] }
}

function gather(network: Network, leg: Leg, at: number, verb: GatherVerb): void {
  leg.ear = { verb, digits: '' }
  playAll(network, leg, at, verb.sounds, (now) => awaitKey(network, leg, now))
}

function awaitKey(network: Network, leg: Leg, at: number): void {
  const { ear } = leg
  if (ear) wait(network, leg, at + ear.verb.timeoutSeconds * 1000, (now) => endGather(network, leg, now, ''))
}

/** The gather is over. With keys, or when it asks for that, its action is told; otherwise the next verb's turn has come. */
function endGather(network: Network, leg: Leg, at: number, finishedOnKey: string): void {
  const { ear } = leg
  if (!ear) return
  leg.ear = null
  if (ear.digits === '' && !ear.verb.actionOnEmptyResult) {
    nextVerb(network, leg, at)
    return
  }
  const extra = { Digits: ear.digits, FinishedOnKey: finishedOnKey, msg: 'Gather End' }
  follow(network, leg, at, ear.verb.action, ear.verb.method, extra)
}

/**
 * A key was pressed on the telephone.
 * @returns whether anything was listening; a key that nothing listens for is lost
 */
export function keyPressed(network: Network, leg: Leg, at: number, key: string): boolean {
  const { ear } = leg
  if (!ear) return recordingKey(network, leg, at, key)
  interrupt(leg, at)
  if (key === ear.verb.finishOnKey) {
    endGather(network, leg, at, key)
    return true
  }
  ear.digits += key
  if (ear.digits.length >= ear.verb.numDigits) endGather(network, leg, at, '')
  else awaitKey(network, leg, at)
  return true
}
