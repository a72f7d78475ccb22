// Exchange: the phone network on a laptop. The door: app.ts, main.ts and the rehearsal enter here and nowhere else.
//
// Owns: every telephone that is not real, the provider's half of every call and text, and its own ledger of what really rang.
// Promises: the provider's REST API and webhooks as its official SDK and its description have them; true timing on the clock it is
//   given, to the millisecond; the same seed and the same inputs give the same story; with a data folder, nothing is lost in a kill.
// Never: knows anything of the application but what comes over HTTP; imports a room; rings a real telephone.
//
// Not provided (refused, not left out quietly): recording whole calls, keys sent on answering, buying numbers, pictures, scheduled
// texts and messaging services, feedback on messages, recordings as MP3; in documents Dial and speech recognition.
import type { Hono } from 'hono'
import type { Log } from '../kit/log.ts'
import type { Clock } from '../outside/clock.ts'
import type { Actor } from '../queue/actor.ts'
import { type BehavioursGiven, createBehaviours } from './behaviours.ts'
import { dial } from './calls.ts'
import { type Doors, openDoors } from './doors.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'
import { createHandsets, type HandsetControls } from './handsets.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type Leg, type Line, type LineSettings, type Network, phoneOf, type Text } from './network.ts'
import { createPacer } from './pacer.ts'
import { fileStore, memoryStore } from './persist.ts'
import { restApi } from './rest.ts'
import { countStart, restore, savedLedger } from './restore.ts'
import { createSids } from './sids.ts'
import { createSoundShelf } from './sounds.ts'
import { transmit } from './texts.ts'
import { createTimeline } from './timeline.ts'
import { fetchTransport, keepAliveTransport } from './transport.ts'
import type { Voice } from './voice.ts'
import { createWebhooks } from './webhooks.ts'

export type { BehavioursGiven, RingBehaviour, TextBehaviour } from './behaviours.ts'
export {
  phoneBehaviours,
  phonesSchema,
  pressSchema,
  speechSchema,
  textBehaviours,
  textsSchema,
} from './behaviours.ts'
export type { Doors } from './doors.ts'
export { type Fault, type FaultKind, faultKinds, faultSchema } from './faults.ts'
export type {
  AudioItem,
  Caption,
  Handset,
  HandsetCall,
  HandsetControls,
  HandsetText,
  RingInScript,
} from './handsets.ts'
export type { Ledger, LedgerEntry, RingEntry, RingResult, TextEntry, TextInEntry } from './ledger.ts'
export type { PhoneMode } from './network.ts'
export type { FliteVoice, Voice } from './voice.ts'
export { estimatedVoice, fliteVoice } from './voice.ts'

/** Where a line asks what to do with calls and texts that come in. Absolute addresses. */
export interface LineWebhooks {
  voiceUrl: string
  smsUrl: string
  /** told when a call that came in is over */
  statusUrl?: string
}

export interface ExchangeGiven extends BehavioursGiven {
  clock: Clock
  log: Log
  lines: readonly {
    name: string
    /** E.164 */
    number: string
    callsPerSecond: number
    textsPerSecond: number
    concurrentCalls: number
  }[]
  /** `sid`: AC and 32 hexadecimal digits */
  account: { sid: string; authToken: string }
  /** settles every identifier */
  seed: number | string
  voice: Voice
  webhooks?: LineWebhooks | ((lineName: string) => LineWebhooks)
  /** Where the customer is: nothing else is ever asked. Without it anything is, for tests. */
  customer?: string
  /** what the provider does wrong; more can be switched on later */
  faults?: readonly Fault[]
  /** how webhooks leave; default: HTTP over connections kept open */
  fetch?: typeof globalThis.fetch
  /** where the REST API is mounted, as the customer reaches it: the beginning of recordings' addresses */
  publicUrl?: string
  /** what the addresses of sounds for the pages begin with */
  audioPath?: string
  /** without it nothing outlives the process */
  dataDir?: string
}

/** What a page or a rehearsal may do with faults. */
export type FaultSwitches = Pick<Faults, 'list' | 'add' | 'clear' | 'done'>

export interface Exchange extends HandsetControls {
  /** Drives everything that happens by time. */
  readonly actor: Actor
  /** The provider's REST API, to be mounted where the SDK's base URL points to. */
  readonly rest: Hono
  readonly ledger: Ledger
  /** What the provider does wrong. */
  readonly faults: FaultSwitches
  /**
   * The same at a port of its own for each line, as the provider of that line alone, which lets it show the others' numbers; shut
   * while it is down. Close them before the exchange.
   */
  openDoors(): Promise<Doors>
  /** A sound for a page, by the id in a handset's audio; null when it is long gone. */
  audioFor(id: string): Promise<{ contentType: string; bytes: Uint8Array } | null>
  /** Change where every line asks about calls and texts that come in. */
  setWebhooks(webhooks: LineWebhooks): void
  /** `listener` is called whenever anything on a handset changes. @returns a function that stops it */
  onChange(listener: () => void): () => void
  /** `listener` is called when something is due earlier than was known: time to run the actor. @returns a function that stops it */
  onSooner(listener: () => void): () => void
  /** Calls under way are taken up by the next start as ended; the voice is not closed. */
  close(): Promise<void>
}

/**
 * @throws ZodError when a behaviour is none
 */
export function createExchange(given: ExchangeGiven): Exchange {
  const { clock, log, account, voice } = given
  const now = clock.now().getTime()
  const store = given.dataDir === undefined ? memoryStore() : fileStore(given.dataDir)
  const timeline = createTimeline()
  const sids = createSids(given.seed, countStart(store))
  const transport = given.fetch ? fetchTransport(given.fetch) : keepAliveTransport()
  const listeners = new Set<() => void>()
  const network: Network = {
    clock,
    log,
    account,
    publicUrl: (given.publicUrl ?? 'http://127.0.0.1:3000/exchange/provider').replace(/\/+$/, ''),
    timeline,
    sids,
    behaviours: createBehaviours(given),
    faults: createFaults(given.faults ?? [], given.seed),
    ledger: createLedger(savedLedger(store)),
    store,
    voice,
    webhooks: createWebhooks(account, transport, sids.token, given.customer),
    sounds: createSoundShelf(voice),
    lines: given.lines.map(
      (line): Line => ({
        name: line.name,
        number: line.number,
        sid: sids.next('PN'),
        concurrentCalls: line.concurrentCalls,
        createdAt: now,
        settings: lineSettings(line.name, given.webhooks),
        active: 0,
        calls: createPacer<Leg>(timeline, line.callsPerSecond, (leg, at) => dial(network, leg, at)),
        texts: createPacer<Text>(timeline, line.textsPerSecond, (text, at) => transmit(network, text, at)),
      }),
    ),
    phones: new Map(),
    calls: new Map(),
    legs: new Map(),
    requests: new Map(),
    forgetting: [],
    texts: new Map(),
    recordings: new Map(),
    optedOut: new Set(),
    changed: () => {
      for (const listener of listeners) listener()
    },
  }
  for (const number of network.behaviours.numbers()) phoneOf(network, number)
  restore(network, now)

  return {
    ...createHandsets(network, (given.audioPath ?? '/exchange/audio').replace(/\/+$/, '')),
    actor: {
      name: 'exchange',
      runDue: (due) => timeline.runDue(due.getTime()),
      nextAt: async () => {
        const at = timeline.nextAt()
        return at === null ? null : new Date(at)
      },
    },
    rest: restApi(network),
    ledger: network.ledger,
    faults: network.faults,
    openDoors: () => openDoors(network),
    audioFor: (id) => network.sounds.get(id),
    setWebhooks(webhooks) {
      for (const line of network.lines) line.settings = lineSettings(line.settings.friendlyName, webhooks)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onSooner: timeline.onSooner,
    async close() {
      timeline.clear()
      transport.close()
      store.close()
    },
  }
}

function lineSettings(friendlyName: string, given: ExchangeGiven['webhooks']): LineSettings {
  const webhooks = typeof given === 'function' ? given(friendlyName) : given
  const place = (url: string | undefined) => (url === undefined ? null : { url, method: 'POST' as const })
  return {
    friendlyName,
    voice: place(webhooks?.voiceUrl),
    voiceFallback: null,
    sms: place(webhooks?.smsUrl),
    smsFallback: null,
    status: place(webhooks?.statusUrl),
  }
}
