// Exchange / represent: the provider's JSON for each thing the exchange keeps, in the shapes of its published description. Pure.
// Called by the rest*.ts files.
import { segments } from '../kit/gsm7.ts'
import {
  type Call,
  type Line,
  type Network,
  type Note,
  type Place,
  type Recording,
  type RequestMade,
  type Text,
  talkedSeconds,
} from './network.ts'

export const apiVersion = '2010-04-01'

/** An instant as the provider writes it: `Fri, 18 Oct 2019 17:00:00 +0000`. */
export const rfc2822 = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000')

const dateOrNull = (at: number | null): string | null => (at === null ? null : rfc2822(at))

/** The path everything of the account begins with. */
export const accountPath = (network: Network): string => `/${apiVersion}/Accounts/${network.account.sid}`

/** Prices appear a minute after the end, as the provider rates later (telephony.md §1.12). */
const ratedAfterMs = 60_000
const pricePerMinute = 0.0155
const pricePerSegment = 0.0463
const pricePerRecordedMinute = 0.0025

const price = (amount: number, endedAt: number | null, now: number): string | null =>
  endedAt !== null && amount > 0 && now - endedAt >= ratedAfterMs ? (-amount).toFixed(5) : null

const callAmount = (call: Call): number =>
  call.answeredAt === null ? 0 : Math.max(1, Math.ceil(talkedSeconds(call) / 60)) * pricePerMinute

export function callJson(network: Network, call: Call, line: Line | undefined, now: number) {
  const uri = `${accountPath(network)}/Calls/${call.sid}`
  return {
    sid: call.sid,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    parent_call_sid: null,
    account_sid: network.account.sid,
    to: call.to,
    to_formatted: call.to,
    from: call.from,
    from_formatted: call.from,
    phone_number_sid: line?.sid ?? null,
    status: call.status,
    start_time: dateOrNull(call.startedAt),
    end_time: dateOrNull(call.endedAt),
    duration: call.endedAt === null ? null : String(talkedSeconds(call)),
    price: price(callAmount(call), call.endedAt, now),
    price_unit: 'GBP',
    direction: call.way === 'in' ? 'inbound' : 'outbound-api',
    answered_by: call.answeredBy,
    api_version: apiVersion,
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: String(call.startedAt === null ? 0 : call.startedAt - call.createdAt),
    trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: {
      notifications: `${uri}/Notifications.json`,
      recordings: `${uri}/Recordings.json`,
      events: `${uri}/Events.json`,
    },
  }
}

export function textJson(network: Network, text: Text, now: number) {
  const parts = segments(text.body)
  const sent = text.status === 'delivered' || text.status === 'undelivered' || text.status === 'sent'
  return {
    sid: text.sid,
    account_sid: network.account.sid,
    api_version: apiVersion,
    body: text.body,
    num_segments: String(parts),
    num_media: '0',
    direction: text.direction,
    from: text.from,
    to: text.to,
    date_created: rfc2822(text.createdAt),
    date_updated: rfc2822(text.updatedAt),
    date_sent: dateOrNull(text.sentAt),
    price: price(sent ? parts * pricePerSegment : 0, text.sentAt, now),
    price_unit: 'GBP',
    status: text.status,
    error_code: text.errorCode,
    error_message: text.errorCode === null ? null : `error ${text.errorCode}`,
    messaging_service_sid: null,
    uri: `${accountPath(network)}/Messages/${text.sid}.json`,
    subresource_uris: { media: `${accountPath(network)}/Messages/${text.sid}/Media.json` },
  }
}

/** A recording as seen from its call (`from: 'call'`), or among all recordings, which say a little more. */
export function recordingJson(network: Network, recording: Recording, now: number, from: 'call' | 'account') {
  const uri = `${accountPath(network)}/Recordings/${recording.sid}`
  const ready = recording.status === 'absent' || now >= recording.readyAt
  const json = {
    sid: recording.sid,
    account_sid: network.account.sid,
    api_version: apiVersion,
    call_sid: recording.callSid,
    conference_sid: null,
    date_created: rfc2822(recording.startedAt),
    date_updated: rfc2822(recording.readyAt),
    start_time: rfc2822(recording.startedAt),
    duration: ready ? String(recording.seconds) : null,
    price: price(Math.ceil(recording.seconds / 60) * pricePerRecordedMinute, recording.readyAt, now),
    price_unit: 'GBP',
    status: ready ? recording.status : 'processing',
    channels: 1,
    source: 'RecordVerb',
    error_code: recording.errorCode,
    encryption_details: null,
  }
  return from === 'account'
    ? { ...json, uri: `${uri}.json`, media_url: `${network.publicUrl}${uri}`, subresource_uris: {} }
    : {
        ...json,
        uri: `${accountPath(network)}/Calls/${recording.callSid}/Recordings/${recording.sid}.json`,
        track: 'inbound',
      }
}

export function noteJson(network: Network, call: Call, note: Note) {
  return {
    sid: note.sid,
    account_sid: network.account.sid,
    api_version: apiVersion,
    call_sid: call.sid,
    date_created: rfc2822(note.at),
    date_updated: rfc2822(note.at),
    error_code: String(note.code),
    log: String(note.level),
    message_date: rfc2822(note.at),
    message_text: note.text,
    more_info: moreInfo(note.code),
    request_method: note.method,
    request_url: note.url ?? '',
    uri: `${accountPath(network)}/Calls/${call.sid}/Notifications/${note.sid}.json`,
  }
}

export function eventJson(made: RequestMade) {
  return {
    request: { method: made.method, url: made.url, parameters: made.params },
    response: {
      response_code: made.status,
      request_duration: made.tookMs,
      content_type: made.contentType,
      response_body: made.body,
      date_created: rfc2822(made.at),
    },
  }
}

export function lineJson(network: Network, line: Line) {
  const s = line.settings
  const hook = (name: string, place: Place | null) => ({
    [`${name}_url`]: place?.url ?? '',
    [`${name}_method`]: place?.method ?? 'POST',
  })
  return {
    sid: line.sid,
    account_sid: network.account.sid,
    api_version: apiVersion,
    friendly_name: s.friendlyName,
    phone_number: line.number,
    date_created: rfc2822(line.createdAt),
    date_updated: rfc2822(line.createdAt),
    capabilities: { voice: true, sms: true, mms: false, fax: false },
    address_requirements: 'none',
    address_sid: '',
    beta: false,
    bundle_sid: '',
    emergency_address_sid: '',
    emergency_address_status: 'unregistered',
    emergency_status: 'Inactive',
    identity_sid: '',
    origin: 'exchange',
    ...hook('voice', s.voice),
    ...hook('voice_fallback', s.voiceFallback),
    ...hook('sms', s.sms),
    ...hook('sms_fallback', s.smsFallback),
    status_callback: s.status?.url ?? '',
    status_callback_method: s.status?.method ?? 'POST',
    sms_application_sid: '',
    trunk_sid: null,
    voice_application_sid: '',
    voice_caller_id_lookup: false,
    voice_receive_mode: 'voice',
    status: 'in-use',
    type: 'local',
    uri: `${accountPath(network)}/IncomingPhoneNumbers/${line.sid}.json`,
  }
}

/** What is left of the credit the account began with. */
export function balanceJson(network: Network) {
  let spent = 0
  for (const call of network.calls.values()) if (call.endedAt !== null) spent += callAmount(call)
  for (const text of network.texts.values())
    if (text.sentAt !== null && text.direction !== 'inbound') spent += segments(text.body) * pricePerSegment
  return { account_sid: network.account.sid, balance: (1000 - spent).toFixed(2), currency: 'GBP' }
}

export const moreInfo = (code: number): string => `https://www.twilio.com/docs/errors/${code}`
