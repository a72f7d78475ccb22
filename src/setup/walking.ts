// Setup / walking: a person in a test who walks through the wizard without JavaScript: loads a page, fills in its form,
// presses a button, follows where it leads. Used by the tests of this room only.
import type { Hono } from 'hono'
import type { App } from '../app.ts'
import { familiesOrganisation } from '../organisations/organisations.ts'
import { personsEverywhere } from '../people/people.ts'
import type { Signin } from '../signin/signin.ts'
import type { Assets } from '../web/assets.ts'
import type { WebEnv } from '../web/env.ts'
import { createWeb } from '../web/server.ts'
import { type Answers, emptyCall, noAnswers } from './answers.ts'
import { setupRoutes } from './pages.tsx'
import { saveSetup } from './store.ts'

export interface Page {
  status: number
  /** where a redirect leads, or null */
  location: string | null
  html: string
  /** the words of the page, without marks */
  text: string
  title: string
  h1: string
}

export interface Walker {
  get(path: string): Promise<Page>
  /** Load the page at `path`, fill in its form (the one with this button, else the first) and send it. */
  submit(path: string, fields: Fields, options?: { page?: Page; press?: string }): Promise<Page>
  post(path: string, fields: Fields): Promise<Page>
  /** Whoever is signed in from now on: an e-mail address, or null for a stranger. */
  as(email: string | null): void
}

export type Fields = Record<string, string | readonly string[] | File>

const assets: Assets = {
  url: (name) => `/assets/${name}`,
  has: () => true,
  serve: (c) => c.notFound() as Response,
}

export function walker(app: App, email: string | null): Walker {
  let who = email
  const signin = {
    whoIs: async () => (who === null ? null : { email: who, persons: await personsEverywhere(app, who) }),
  } as unknown as Signin
  const web: Hono<WebEnv> = createWeb({ assets, log: app.log, publicUrl: null, practice: true })
  web.route('/', setupRoutes(app, signin))

  async function ask(path: string, init: RequestInit = {}): Promise<Page> {
    const response = await web.request(path, init)
    const html = await response.text()
    return {
      status: response.status,
      location: response.headers.get('location'),
      html,
      text: wordsOf(html.replace(/^[\s\S]*<main[^>]*>/, '').replace(/<\/main>[\s\S]*$/, '')),
      title: wordsOf(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1] ?? ''),
      h1: wordsOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? ''),
    }
  }

  const walker: Walker = {
    get: (path) => ask(path),
    async submit(path, fields, options = {}) {
      const page = options.page ?? (await ask(path))
      const form = formOf(page.html, options.press)
      return walker.post(form.action, { ...form.values, ...fields })
    },
    post: (path, fields) => ask(path, { method: 'POST', body: bodyOf(fields) }),
    as: (other) => {
      who = other
    },
  }
  return walker
}

function bodyOf(fields: Fields): FormData {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) body.append(name, one as string | File)
  }
  return body
}

/** The address of a form, and what a browser would send of it untouched. */
function formOf(html: string, press?: string): { action: string; values: Fields } {
  const main = html.slice(html.indexOf('<main'))
  const forms = [...main.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)]
  const form = press === undefined ? forms[0] : forms.find(([whole]) => wordsOf(whole).includes(press))
  if (!form) throw new Error(`no form${press ? ` with ${press}` : ''} on this page`)
  const values: Record<string, string[]> = {}
  for (const [tag] of form[2]!.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, 'name')
    const type = attribute(tag, 'type')
    const isOff = (type === 'radio' || type === 'checkbox') && !/\schecked/.test(tag)
    if (name && type !== 'file' && !isOff)
      values[name] = [...(values[name] ?? []), attribute(tag, 'value') ?? '']
  }
  for (const [, tag, inside] of form[2]!.matchAll(/<textarea([^>]*)>([\s\S]*?)<\/textarea>/g)) {
    values[attribute(tag!, 'name') ?? ''] = [plain(inside!)]
  }
  return { action: plain(form[1]!), values }
}

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return found === undefined ? undefined : plain(found)
}

export function wordsOf(html: string): string {
  return plain(html.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const plain = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

/** From the first question to the check page: Susan sets up calls to Ada. @returns '/setup/ID' */
export async function answerAll(by: Walker): Promise<string> {
  const begun = await by.submit('/setup', {})
  const base = begun.location ?? ''
  await by.submit(`${base}/your-name`, { name: 'Susan Hall' })
  await by.submit(`${base}/receiver`, { who: 'other', name: 'Ada' })
  await by.submit(`${base}/numbers`, { first: '01632 960101' })
  await by.submit(`${base}/calls/1/kind`, { kind: 'check-in' })
  await by.submit(`${base}/calls/1/days`, { days: 'every' })
  await by.submit(`${base}/calls/1/time`, { time: '9.30' })
  await by.submit(`${base}/calls/1/message`, { heard: 'preset' })
  await by.submit(`${base}/calls/1/preset`, { preset: 'are-you-ok' })
  await by.submit(`${base}/calls`, {})
  await by.submit(`${base}/alerts`, { who: 'me' })
  await by.submit(`${base}/alerts/me`, { phone: '07700 900201' })
  await by.submit(`${base}/alerts`, {})
  await by.submit(`${base}/notes`, { notes: 'Key safe by the door' })
  return base
}

/** As `answerAll`, but without the way: the answers are simply there. @returns '/setup/ID' */
export async function answered(app: App, by: Walker): Promise<string> {
  const { location: base } = await by.post('/setup', {})
  const id = (base ?? '').slice('/setup/'.length)
  await app.db.in(families, (tx) => saveSetup(app, tx, id, usualAnswers))
  return base ?? ''
}

const usualAnswers: Answers = {
  ...noAnswers(null),
  yourName: 'Susan Hall',
  receiver: { isSelf: false, name: 'Ada' },
  phones: ['+441632960101'],
  calls: [
    {
      ...emptyCall('1'),
      kind: 'check-in',
      when: { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      time: '09:30',
      heard: 'preset',
      preset: 'are-you-ok',
    },
  ],
  areCallsSettled: true,
  contacts: [
    {
      key: '2',
      personId: null,
      isMe: true,
      name: '',
      phone: '+447700900201',
      email: null,
      channels: ['call', 'text', 'email'],
      isTogether: false,
    },
  ],
  areContactsSettled: true,
  notes: 'Key safe by the door',
  made: 2,
}

export const families = { organisationId: familiesOrganisation }
