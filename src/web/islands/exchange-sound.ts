// Island part / exchange-sound: what the practice phones sound like, once a person has turned the sound on: a bell for each that
// rings, in the British cadence; the true voice for each that talks, in step with the exchange; a tone for each key.
// Called by exchange-phones.ts.

/** A sound as the server shows it: key, address, how long ago it began (ms), and whether it was broken off. */
export type SoundShown = [key: string, url: string, agoMs: number, isBrokenOff: boolean]

export interface PhoneHeard {
  id: string
  /** how long it has been ringing, in milliseconds; null while it does not ring */
  ringingMs: number | null
  sounds: readonly SoundShown[]
}

export interface Sound {
  readonly isOn: boolean
  /** Needs a click: browsers let no page sound without one. */
  turnOn(): Promise<void>
  turnOff(): void
  /** From now on it sounds like this. */
  follow(phones: readonly PhoneHeard[]): void
  tone(key: string): void
}

/** A page is always a little late. Up to here it plays from the start and lags; from here on it leaves the beginning out. */
const lagMs = 1500

interface Playing {
  isOver: boolean
  source?: AudioBufferSourceNode
}

/** The voice of one telephone: one sound after another, never two at once. */
interface Voice {
  turn: Promise<unknown>
  /** when the last one ends, on the audio clock */
  freeAt: number
  playing: Map<string, Playing>
}

export function createSound(): Sound {
  let context: AudioContext | null = null
  let isOn = false
  let latest: { phones: readonly PhoneHeard[]; at: number } = { phones: [], at: 0 }
  const bells = new Map<string, AudioBufferSourceNode>()
  const voices = new Map<string, Voice>()

  function follow(phones: readonly PhoneHeard[]): void {
    latest = { phones, at: performance.now() }
    if (context && isOn) for (const phone of phones) followOne(context, phone, 0)
    const there = new Set(phones.map(({ id }) => id))
    for (const id of new Set([...bells.keys(), ...voices.keys()])) if (!there.has(id)) silence(id)
  }

  /** @param oldMs how old the news about it is */
  function followOne(audio: AudioContext, phone: PhoneHeard, oldMs: number): void {
    const bell = bells.get(phone.id)
    if (phone.ringingMs === null) {
      bell?.stop()
      bells.delete(phone.id)
    } else if (!bell) bells.set(phone.id, ring(audio, phone.id, phone.ringingMs + oldMs))

    const voice = voices.get(phone.id) ?? { turn: Promise.resolve(), freeAt: 0, playing: new Map() }
    voices.set(phone.id, voice)
    const shown = new Map(phone.sounds.map((sound) => [sound[0], sound]))
    for (const [key, playing] of voice.playing) {
      const sound = shown.get(key)
      if (sound && !sound[3]) continue
      breakOff(audio, voice, playing)
      // what is still shown is remembered, or it would begin anew
      if (!sound) voice.playing.delete(key)
    }
    for (const sound of phone.sounds) if (!voice.playing.has(sound[0])) begin(audio, voice, sound, oldMs)
  }

  function begin(
    audio: AudioContext,
    voice: Voice,
    [key, url, agoMs, isBrokenOff]: SoundShown,
    oldMs: number,
  ): void {
    const playing: Playing = { isOver: isBrokenOff }
    voice.playing.set(key, playing)
    if (isBrokenOff) return
    const asked = performance.now() - oldMs
    const loading = load(audio, url)
    voice.turn = voice.turn.then(async () => {
      const buffer = await loading
      if (!buffer || playing.isOver) return
      const lateMs = agoMs + performance.now() - asked
      const offset = lateMs > lagMs ? lateMs / 1000 : 0
      if (offset >= buffer.duration) return
      const at = Math.max(audio.currentTime, voice.freeAt)
      const source = new AudioBufferSourceNode(audio, { buffer })
      source.connect(audio.destination)
      source.start(at, offset)
      playing.source = source
      voice.freeAt = at + buffer.duration - offset
    })
  }

  function breakOff(audio: AudioContext, voice: Voice, playing: Playing): void {
    if (playing.isOver) return
    playing.isOver = true
    playing.source?.stop()
    voice.freeAt = audio.currentTime
  }

  function silence(id: string): void {
    bells.get(id)?.stop()
    bells.delete(id)
    const voice = voices.get(id)
    if (context && voice) for (const playing of voice.playing.values()) breakOff(context, voice, playing)
    voices.delete(id)
  }

  return {
    get isOn() {
      return isOn
    },
    async turnOn() {
      context ??= new AudioContext()
      await context.resume()
      isOn = true
      for (const phone of latest.phones) followOne(context, phone, performance.now() - latest.at)
    },
    turnOff() {
      isOn = false
      for (const id of new Set([...bells.keys(), ...voices.keys()])) silence(id)
    },
    follow,
    tone(key) {
      if (context && isOn) keyTone(context, key)
    },
  }
}

/** Null when it is gone, or when this browser cannot play it: the captions stay. */
async function load(audio: AudioContext, url: string): Promise<AudioBuffer | null> {
  try {
    const answer = await fetch(url)
    return answer.ok ? await audio.decodeAudioData(await answer.arrayBuffer()) : null
  } catch {
    return null
  }
}

// ------------------------------------------------------------------------------------------------------------------ bell

/** 0.4 s on, 0.2 s off, 0.4 s on, 2 s off: what a British telephone does (BT SIN 351). */
const bursts = [0, 0.6]
const burstSeconds = 0.4
const cadenceSeconds = 3
/** The clapper strikes the two gongs by turns, 25 times a second each way. */
const strikeSeconds = 0.04
/** Partials of a small brass gong: frequency against the lowest, loudness, how many seconds it rings on. */
const partials = [
  [1, 0.5, 0.32],
  [2.41, 0.32, 0.2],
  [4.2, 0.18, 0.09],
] as const
const gongs = [1010, 1270]
const bellRate = 22_050

/** Ring until stopped, in step with the shaking. Each telephone has a bell of its own pitch, so that two can be told apart. */
function ring(audio: AudioContext, id: string, ringingMs: number): AudioBufferSourceNode {
  const source = new AudioBufferSourceNode(audio, { buffer: bell(audio, pitchOf(id)), loop: true })
  const loudness = new GainNode(audio, { gain: 0.35 })
  source.connect(loudness).connect(audio.destination)
  source.start(0, (ringingMs / 1000) % cadenceSeconds)
  return source
}

/** 0.88 to 1.12 */
const pitchOf = (id: string): number =>
  0.88 + 0.03 * ([...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 9)

function bell(audio: AudioContext, pitch: number): AudioBuffer {
  const length = cadenceSeconds * bellRate
  const buffer = audio.createBuffer(1, length, bellRate)
  const samples = buffer.getChannelData(0)
  for (const burst of bursts) {
    for (let n = 0; n * strikeSeconds < burstSeconds; n++) {
      const from = Math.round((burst + n * strikeSeconds) * bellRate)
      strike(samples, from, gongs[n % 2]! * pitch)
    }
  }
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  for (let n = 0; n < length; n++) samples[n] = samples[n]! / loudest
  return buffer
}

function strike(samples: Float32Array, from: number, frequency: number): void {
  for (const [ratio, loudness, decaySeconds] of partials) {
    const step = (2 * Math.PI * frequency * ratio) / bellRate
    const until = Math.min(samples.length, from + Math.round(5 * decaySeconds * bellRate))
    for (let n = from; n < until; n++) {
      samples[n] =
        samples[n]! +
        loudness * Math.sin(step * (n - from)) * Math.exp((from - n) / (decaySeconds * bellRate))
    }
  }
}

// ------------------------------------------------------------------------------------------------------------------ keys

/** The two tones of each row and column of a keypad (ITU-T Q.23). */
const rows = [697, 770, 852, 941]
const columns = [1209, 1336, 1477]

function keyTone(audio: AudioContext, key: string): void {
  const place = '123456789*0#'.indexOf(key)
  if (place < 0) return
  const loudness = new GainNode(audio, { gain: 0.08 })
  loudness.connect(audio.destination)
  for (const frequency of [rows[Math.floor(place / 3)]!, columns[place % 3]!]) {
    const tone = new OscillatorNode(audio, { frequency })
    tone.connect(loudness)
    tone.start()
    tone.stop(audio.currentTime + 0.14)
  }
}
