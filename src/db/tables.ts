// Db / tables: the shape of every table, for Kysely. Follows migrations/ by hand: change both in one commit.
import type { ColumnType, Generated } from 'kysely'

type Instant = ColumnType<Date, Date, Date>
type MaybeInstant = ColumnType<Date | null, Date | null | undefined, Date | null>
/** A local date as 'YYYY-MM-DD'. */
type LocalDate = ColumnType<string, string, string>
type Json<T> = ColumnType<T, string, string>

export type Role = 'creator' | 'receiver' | 'recorder' | 'alert receiver' | 'report receiver' | 'payee'
export type Channel = 'call' | 'text' | 'email'
export type ScheduleKind = 'reminder' | 'check-in' | 'both'
/** How the attempts of a call are made, and in what order (docs/decisions/0023). */
export type By = 'call' | 'text' | 'call then text' | 'text then call'
/** How one attempt is made. */
export type Way = 'call' | 'text'
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
export type Outcome = 'acknowledged' | 'help requested' | 'missed' | 'not placed' | 'skipped'
export type Purpose =
  | 'call'
  | 'alert'
  | 'all-clear'
  | 'verification'
  | 'recording'
  | 'test'
  | 'ring-back'
  | 'news'
  | 'watch'
/** What became of one attempt, and of one notification by call (product.md §3). */
export type AttemptResult =
  | 'acknowledged'
  | 'help requested'
  | 'answered without a key'
  | 'no reply'
  | 'voicemail'
  | 'rang out'
  | 'busy'
  | 'rejected'
  | 'unreachable number'
  | 'not placed'
  | 'cancelled'

export interface OrganisationTable {
  organisation_id: string
  name: string
  kind: 'families' | 'care' | 'example'
  created_at: Instant
  countries: Generated<string[]>
}

export interface PersonTable {
  organisation_id: string
  id: string
  name: string
  phone: string | null
  email: string | null
  created_at: Instant
  confirmed_phone: Generated<string | null>
  confirmed_at: MaybeInstant
  denied_phone: Generated<string | null>
}

export interface MemberTable {
  organisation_id: string
  person_id: string
  role: 'operator'
}

export interface ServiceTable {
  organisation_id: string
  id: string
  receiver_id: string
  phones: string[]
  time_zone: string
  line_id: string | null
  attempts: Generated<number>
  gap_minutes: Generated<number>
  ring_seconds: Generated<number>
  useful_for_minutes: Generated<number>
  help_key: string | null
  pin_hash: string | null
  access_notes: string | null
  voicemail: Generated<'nothing' | 'neutral words'>
  alert_step_minutes: Generated<number>
  alert_rounds: Generated<number>
  created_at: Instant
  ended_at: MaybeInstant
}

export interface StakeholderTable {
  organisation_id: string
  service_id: string
  person_id: string
  roles: Role[]
  step: number | null
  channels: Channel[]
}

export interface PauseTable {
  organisation_id: string
  id: string
  service_id: string
  from_date: LocalDate
  to_date: LocalDate
  reason: string
  created_by: string | null
  created_at: Instant
  ended_at: MaybeInstant
}

export interface RecordingTable {
  organisation_id: string
  id: string
  file_key: string
  data_key: Buffer
  duration_ms: number
  name: string
  recorded_by: string | null
  created_at: Instant
}

export interface MessageTable {
  organisation_id: string
  id: string
  service_id: string
  kind: 'preset' | 'spoken' | 'recording'
  preset: string
  spoken_text: string | null
  recording_id: string | null
  created_at: Instant
}

export interface ScheduleTable {
  organisation_id: string
  id: string
  service_id: string
  message_id: string
  kind: ScheduleKind
  by: Generated<By>
  local_time: string
  days: Weekday[] | null
  on_date: ColumnType<string | null, string | null, string | null>
  created_at: Instant
  ended_at: MaybeInstant
  planned_through: Instant
  wake_at: MaybeInstant
}

export interface SetupTable {
  organisation_id: string
  id: string
  creator_id: string
  service_id: string | null
  answers: Json<unknown>
  version: Generated<number>
  created_at: Instant
  updated_at: Instant
  finished_at: MaybeInstant
}

export interface LineTable {
  organisation_id: string
  id: string
  name: string
  number: string
  /** the name of the provider's account in the configuration */
  provider: string
  /** numeric: comes as text */
  calls_per_second: ColumnType<string, number, number>
  texts_per_second: ColumnType<string, number, number>
  concurrent_calls: number
  next_call_at: ColumnType<Date, Date | undefined, Date>
  next_text_at: ColumnType<Date, Date | undefined, Date>
  lease_owner: string | null
  lease_token: Generated<string>
  lease_until: ColumnType<Date, Date | undefined, Date>
  /** bigint: comes as text */
  lease_lock: Generated<string | null>
  rank: Generated<number>
  in_use: Generated<boolean>
  shows_first: Generated<boolean>
  health: Generated<'well' | 'failed' | 'probation'>
  health_since: ColumnType<Date, Date | undefined, Date>
  troubles: Generated<number>
  good: Generated<number>
  probe_at: MaybeInstant
  probes: Generated<number>
}

export type OutgoingState = 'waiting' | 'claimed' | 'unknown' | 'placed' | 'ringing' | 'answered' | 'ended'

export interface OutgoingTable {
  organisation_id: string
  id: string
  line_id: string
  kind: 'call' | 'text'
  purpose: Purpose
  owner_room: string
  owner_id: string
  part_id: string
  service_id: string | null
  to_number: string
  body: string | null
  ring_seconds: Generated<number>
  priority: number
  useful_until: Instant
  token: string
  state: OutgoingState
  wake_at: MaybeInstant
  tries: Generated<number>
  not_before: Instant
  provider_sid: string | null
  sequence: Generated<number>
  machine: string | null
  keys: Generated<string>
  silences: Generated<number>
  hang_up: Generated<boolean>
  created_at: Instant
  claimed_at: MaybeInstant
  placed_at: MaybeInstant
  rang_at: MaybeInstant
  answered_at: MaybeInstant
  served_at: MaybeInstant
  ended_at: MaybeInstant
  result: string | null
  result_code: string | null
  from_number: string | null
  moved_from: string | null
  refused_since: MaybeInstant
  patience_seconds: number | null
  voicemail_words: Generated<boolean>
  words_at: MaybeInstant
  asked_by: Generated<string | null>
}

export interface TextInTable {
  organisation_id: string
  provider_sid: string
  line_id: string
  taken_at: Instant
  done_at: MaybeInstant
}

export interface OptOutTable {
  organisation_id: string
  number: string
  why: 'opted out' | 'takes no texts'
  word: string | null
  line_id: string | null
  at: Instant
  ended_at: MaybeInstant
  wake_at: MaybeInstant
}

export interface ProviderExchangeTable {
  organisation_id: string
  id: string
  outgoing_id: string
  at: Instant
  did: string
  answered: string
  took_ms: number | null
}

export type CallStateName = 'waiting' | 'ringing' | 'resting' | 'closed'

export interface CallTable {
  organisation_id: string
  id: string
  service_id: string
  schedule_id: string | null
  is_test: Generated<boolean>
  by: Generated<By>
  local_date: LocalDate
  local_time: string
  due_at: Instant
  useful_until: Instant
  state: CallStateName
  attempt: Generated<number>
  wake_at: MaybeInstant
  outcome: Outcome | null
  outcome_at: MaybeInstant
  acknowledged_by: string | null
  acknowledged_at: MaybeInstant
  skip_reason: string | null
  troubles: Generated<number>
  created_at: Instant
}

export interface AttemptTable {
  organisation_id: string
  id: string
  call_id: string
  number: number
  way: Generated<Way>
  to_number: string
  outgoing_id: string
  started_at: Instant
  ended_at: MaybeInstant
  result: AttemptResult | null
}

export interface EventTable {
  organisation_id: string
  id: string
  at: Instant
  event: Json<Record<string, unknown>>
  from_state: string
  to_state: string
}
export interface CallEventTable extends EventTable {
  call_id: string
}
export interface AlertEventTable extends EventTable {
  alert_id: string
}

export type AlertReason = 'missed' | 'not placed' | 'help requested'
export type AlertStateName = 'open' | 'accepted' | 'handed over' | 'closed'

export interface AlertTable {
  organisation_id: string
  id: string
  service_id: string
  call_id: string
  reason: AlertReason
  state: AlertStateName
  step: number
  round: number
  wake_at: MaybeInstant
  opened_at: Instant
  accepted_by: string | null
  accepted_over: string | null
  accepted_at: MaybeInstant
  reminded_at: MaybeInstant
  handed_over_at: MaybeInstant
  closed_at: MaybeInstant
  closed_how: string | null
  closed_by: string | null
  troubles: Generated<number>
}

export interface AlertCallTable {
  organisation_id: string
  call_id: string
  alert_id: string
  joined_at: Instant
}

export interface NotificationTable {
  organisation_id: string
  id: string
  alert_id: string
  person_id: string
  channel: Channel
  tells: 'alert' | 'accepted' | 'all-clear' | 'reminder'
  step: number
  round: number
  outgoing_id: string | null
  email_id: string | null
  link_token: string
  created_at: Instant
  ended_at: MaybeInstant
  result: string | null
  code: Generated<string | null>
  asked: Generated<number | null>
  asks_name: Generated<boolean>
}

export interface EmailTable {
  organisation_id: string
  id: string
  purpose: 'alert' | 'all-clear' | 'sign-in' | 'summary' | 'news' | 'recording'
  owner_room: string
  owner_id: string | null
  part_id: string | null
  service_id: string | null
  to_name: string
  to_address: string
  subject: string
  html: string
  plain: string
  state: 'waiting' | 'sent' | 'failed'
  tries: Generated<number>
  wake_at: MaybeInstant
  useful_until: Instant
  created_at: Instant
  ended_at: MaybeInstant
  trouble: string | null
}

export interface IncomingTable {
  organisation_id: string
  id: string
  line_id: string
  from_number: string | null
  provider_sid: string
  token: string
  talk: Json<unknown>
  turn: Generated<number>
  said: ColumnType<unknown, string | null | undefined, string | null>
  service_id: string | null
  done: ColumnType<unknown, string | undefined, string>
  started_at: Instant
  ended_at: MaybeInstant
  wake_at: MaybeInstant
}

export interface RingBackTable {
  organisation_id: string
  id: string
  service_id: string
  incoming_id: string
  wish: Json<unknown>
  to_number: string
  state: 'waiting' | 'ringing' | 'done' | 'not confirmed'
  tries: Generated<number>
  outgoing_id: string | null
  wake_at: MaybeInstant
  created_at: Instant
  ended_at: MaybeInstant
}

export interface WrongPinTable {
  organisation_id: string
  id: string
  service_id: string | null
  from_number: string | null
  at: Instant
}

export interface NewsTable {
  organisation_id: string
  id: string
  service_id: string
  person_id: string
  tidings: Json<unknown>
  channel: Channel
  outgoing_id: string | null
  email_id: string | null
  created_at: Instant
  ended_at: MaybeInstant
  result: string | null
}

export interface LeftMessageTable {
  organisation_id: string
  id: string
  incoming_id: string
  recording_sid: string
  seconds: number
  recording_id: string | null
  wake_at: MaybeInstant
  tries: Generated<number>
  trouble: string | null
  left_at: Instant
  dealt_with_at: MaybeInstant
  dealt_with_by: string | null
}

export type TakeStateName = 'ringing' | 'asking' | 'recording' | 'waiting' | 'late' | 'listening' | 'over'

export interface TakeTable {
  organisation_id: string
  id: string
  service_id: string | null
  message_id: string | null
  use_path: string | null
  kind: ScheduleKind
  receiver_name: string
  asked_by: string
  to_number: string | null
  outgoing_id: string | null
  state: TakeStateName
  is_told: boolean
  silences: number
  waits: number
  tries: number
  tape_id: string | null
  recording_id: string | null
  trouble: string | null
  ending: string | null
  created_at: Instant
  ended_at: MaybeInstant
}

export interface TapeTable {
  organisation_id: string
  id: string
  take_id: string
  line_id: string
  provider_sid: string
  seconds: number
  state: 'to fetch' | 'to forget' | 'forgotten'
  found: string | null
  wake_at: MaybeInstant
  tries: Generated<number>
  trouble: string | null
  created_at: Instant
  fetched_at: MaybeInstant
  forgotten_at: MaybeInstant
}

export interface RecorderCodeTable {
  organisation_id: string
  id: string
  service_id: string
  message_id: string
  person_id: string
  code_hash: string
  created_by: string
  created_at: Instant
  expires_at: Instant
  ended_at: MaybeInstant
}

export interface WrongCodeTable {
  organisation_id: string
  id: string
  from_number: string
  at: Instant
}

export interface ForecastLookTable {
  organisation_id: string
  wake_at: Instant
}

export interface ForecastWarningTable {
  organisation_id: string
  line_id: string
  peak_at: Instant
  warned_at: Instant
}

export interface VerificationTable {
  organisation_id: string
  id: string
  person_id: string
  service_id: string
  number: string
  channel: 'call' | 'text'
  asked_by: string
  asker_name: string
  tries: Generated<number>
  sent_at: Instant
  result: Generated<string | null>
  ended_at: MaybeInstant
}

export interface HeartbeatTable {
  organisation_id: string
  worker_id: string
  started_at: Instant
  beat_at: Instant
}

export interface WatchLookTable {
  organisation_id: string
  looked_at: Instant
}

export interface AlarmTable {
  organisation_id: string
  kind: string
  subject: string
  state: 'seen' | 'raised' | 'over'
  since: Instant
  good: number
  told_at: MaybeInstant
}

export interface WatchCallTable {
  organisation_id: string
  id: string
  made_at: Instant
  ended_at: MaybeInstant
  result: string | null
  code: string | null
}

/** Of the past itself see past.ts: its tables have the columns of these, after the month. */
export interface PastLookTable {
  organisation_id: string
  wake_at: Instant
}

export interface ClockPositionTable {
  only_row: Generated<boolean>
  ahead_ms: ColumnType<string, number, number>
}

export interface Tables {
  organisation: OrganisationTable
  person: PersonTable
  member: MemberTable
  service: ServiceTable
  stakeholder: StakeholderTable
  pause: PauseTable
  recording: RecordingTable
  message: MessageTable
  schedule: ScheduleTable
  setup: SetupTable
  line: LineTable
  outgoing: OutgoingTable
  provider_exchange: ProviderExchangeTable
  opt_out: OptOutTable
  text_in: TextInTable
  call: CallTable
  attempt: AttemptTable
  call_event: CallEventTable
  alert: AlertTable
  alert_call: AlertCallTable
  notification: NotificationTable
  alert_event: AlertEventTable
  email: EmailTable
  incoming: IncomingTable
  ring_back: RingBackTable
  wrong_pin: WrongPinTable
  news: NewsTable
  left_message: LeftMessageTable
  take: TakeTable
  tape: TapeTable
  recorder_code: RecorderCodeTable
  wrong_code: WrongCodeTable
  forecast_look: ForecastLookTable
  verification: VerificationTable
  forecast_warning: ForecastWarningTable
  heartbeat: HeartbeatTable
  watch_look: WatchLookTable
  alarm: AlarmTable
  watch_call: WatchCallTable
  past_look: PastLookTable
  clock_position: ClockPositionTable
}
