// Ringin / types: a conversation with somebody who rang us: where it stands, what can happen, what follows. Pure data; used by the
// whole room.

/** What a number that anybody can forge is not enough for. */
export type Wish = { do: 'pause'; days: number } | { do: 'stop' }

/** What the caller is asked at this moment. */
export type Place =
  /** a receiver: the message of the day, and any key */
  | 'home'
  | 'choices'
  | 'how many days'
  | 'stop'
  | 'really stop'
  /** for a wish */
  | 'pin'
  /** one number, several receivers */
  | 'which'
  /** somebody who is told of alerts */
  | 'alert'
  | 'stranger'
  /** from another telephone: the number that we ring, then its PIN */
  | 'number'
  | 'number and pin'
  | 'message'
  /** six digits with which somebody may record a message */
  | 'code'
  /** recording: the room of recorders goes on with it */
  | 'take'
  | 'over'

/** Where a conversation stands. Kept as JSON in its row. */
export interface Talk {
  at: Place
  /** prompts in a row after which nothing came */
  silences: number
  /** answers so far, so that none goes on for ever */
  rounds: number
  /** whose receiver this is, once that is known */
  serviceId: string | null
  /** proved by the PIN, so more than what a forged number could do */
  isProved: boolean
  wish: Wish | null
  /** the number that was typed, as it was typed */
  typed: string | null
  wrongPins: number
  /** has been acknowledged, so the message is not played again */
  isDone: boolean
  /** alerts to be spoken of, the one spoken of now first */
  alertIds: readonly string[]
  takeId: string | null
}

/** The caller's part. Several keys only where several were asked for. */
export type TalkEvent =
  | { kind: 'keys'; keys: string }
  | { kind: 'silence' }
  | { kind: 'recorded'; recordingSid: string; seconds: number }

/** What the receiver's day looks like at this moment; what a key would acknowledge. */
export type Today = 'open' | 'missed' | 'early' | 'nothing' | 'stopped'

export type AlertStanding = 'waits' | 'yours' | 'settled'

/** What must be known to decide. */
export interface Facts {
  /** which services ring the caller's number, by the receivers' names; nobody where the number is withheld */
  candidates: readonly { serviceId: string }[]
  /** of `serviceId` of the talk; null while that is not known */
  receiver: {
    today: Today
    /** the service's own, or 9 */
    helpKey: string
    hasPin: boolean
    canBeRungBack: boolean
  } | null
  /** five wrong ones within an hour: none is taken now */
  arePinsLocked: boolean
  /** the PIN of the talk's service */
  isPin: (keys: string) => boolean
  /** the service that the typed number and these keys belong to */
  found: string | null
  /** of the alert spoken of now */
  alert: AlertStanding | null
  /** what came of the six digits; null where none were typed */
  code: { takeId: string } | 'wrong' | 'paused' | null
}

export type AlertWord = 'she is fine' | 'I am going' | 'get help'

export type Effect =
  /** of the receiver: what is open or missed, else the call that is soon due */
  | { do: 'acknowledge' }
  | { do: 'ask for help' }
  /** proved */
  | { do: 'grant'; wish: Wish }
  /** not proved: to be confirmed when we ring the number that we know */
  | { do: 'ring back'; wish: Wish }
  | { do: 'count wrong pin' }
  | { do: 'recognise'; serviceId: string }
  | { do: 'accept' }
  | { do: 'say'; what: AlertWord }
  | { do: 'keep message'; recordingSid: string; seconds: number }
  /** the call is a recorder's now: what is said is theirs to say */
  | { do: 'begin take' }
  | { do: 'go on with take' }

/** What was just done, for the next words. */
export type Just =
  | 'acknowledged'
  | 'checked in'
  | 'nothing to do'
  | 'help'
  | 'granted'
  | 'rings back'
  | 'cannot ring back'
  | 'wrong pin'
  | 'locked'
  | 'no such number'
  | 'nothing changed'
  | 'not understood'
  | 'accepted'
  | 'fine'
  | 'going'
  | 'get help'
  | 'skipped'
  | 'kept message'
  | 'wrong code'
  | 'codes locked'
  | 'goodbye'

export interface Step {
  talk: Talk
  effects: readonly Effect[]
  just: Just | null
}
