// That the browser of the other tests is what they take it for.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, browser } from '../support/browser.ts'

let chrome: Browser
let server: Server
let address = ''

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.setHeader('content-security-policy', "default-src 'none'")
    response.end(
      '<!doctype html><html lang="en"><title>t</title><main><h1>Hello</h1><input><button>Go</button></main>',
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  chrome = await browser({ microphone: true })
})

afterAll(async () => {
  await chrome.close()
  server.close()
})

test('axe sees what is wrong on a page that lets no script in, and only that', async () => {
  const page = await chrome.newPage()
  await page.goto(address)
  expect(await axe(page)).toEqual([
    { rule: 'label', impact: 'critical', help: 'Form elements must have labels', where: ['input: <input>'] },
  ])
})

test('there is a microphone, and no world outside this machine', async () => {
  const page = await chrome.newPage()
  await page.goto(address)
  const tracks = await page.evaluate(
    'navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => stream.getAudioTracks().length)',
  )
  expect(tracks).toBe(1)
  await expect(page.goto('http://example.org/')).rejects.toThrow(/ERR_NAME_NOT_RESOLVED/)
})
