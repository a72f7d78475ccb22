// Every webhook's signature: all vectors of the shared contract, and what must never pass.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { expect, test } from 'vitest'
import { silentLog } from '../../src/kit/log.ts'
import { twilioPhone } from '../../src/outside/phone/twilio.ts'
import { contractFile } from '../support/contracts.ts'

interface Vector {
  name: string
  signedUrl?: string
  url: string
  params: 'default' | Record<string, string | string[]>
  body?: string
  signature: string
}

const file = contractFile('webhook-signature-vectors.json')
const isThere = existsSync(file)
if (!isThere) console.warn('NOT RUN: the signature vectors of the shared contract are not on this machine')
const contract = (
  isThere ? JSON.parse(readFileSync(file, 'utf8')) : { token: '', params: {}, vectors: [] }
) as {
  token: string
  params: Record<string, string>
  vectors: Vector[]
}
const phoneOf = (authToken: string) =>
  twilioPhone({ accountSid: `AC${'a'.repeat(32)}`, authToken, timeoutMs: 1000, log: silentLog })

function formOf({ params }: Vector): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(params === 'default' ? contract.params : params)) {
    for (const each of [value].flat()) form.append(name, each)
  }
  return form
}

test.runIf(isThere)('the contract has nine vectors', () => {
  expect(contract.vectors).toHaveLength(9)
})

test.each(contract.vectors)('$name', (vector) => {
  const phone = phoneOf(contract.token)
  const request = { signature: vector.signature, url: vector.url, params: formOf(vector) }
  expect(phone.isSigned(request)).toBe(true)

  expect(phone.isSigned({ ...request, signature: null })).toBe(false)
  expect(phone.isSigned({ ...request, signature: '' })).toBe(false)
  expect(phone.isSigned({ ...request, signature: vector.signature.toLowerCase() })).toBe(false)
  expect(phone.isSigned({ ...request, url: vector.url.replace('foo=1', 'foo=2') })).toBe(false)
  const more = formOf(vector)
  more.append('Digits', '1')
  expect(phone.isSigned({ ...request, params: more })).toBe(false)
  expect(phoneOf('54321').isSigned(request)).toBe(false)
})

test.runIf(isThere)('a JSON body is bound by its hash in the address', () => {
  const { url, body = '' } = contract.vectors.find((vector) => vector.body !== undefined)!
  expect(url).toContain(createHash('sha256').update(body).digest('hex'))
})

test('only exactly what was signed passes: any changed, added, removed or swapped parameter fails', () => {
  const phone = phoneOf('t'.repeat(32))
  const url = 'https://example.org/lines/1/keys/2?keys=0&silences=0'
  const params = { CallSid: 'CA1', Digits: '1', From: '+441632960001', To: '+441632960101' }
  const signature = getExpectedTwilioSignature('t'.repeat(32), url, params)
  const signed = (given: Record<string, string>, at = url) =>
    phone.isSigned({ signature, url: at, params: new URLSearchParams(given) })

  expect(signed(params)).toBe(true)
  for (const name of Object.keys(params)) {
    const without: Record<string, string> = { ...params }
    delete without[name]
    expect(signed(without)).toBe(false)
    expect(signed({ ...params, [name]: '9' })).toBe(false)
  }
  expect(signed({ ...params, From: params.To, To: params.From })).toBe(false)
  expect(signed(params, url.replace('/2?', '/3?'))).toBe(false)
  expect(signed(params, url.replace('example.org', 'example.com'))).toBe(false)
  expect(signed(params, url.replace('silences=0', 'silences=1'))).toBe(false)
})
