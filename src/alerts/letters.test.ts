import { expect, test } from 'vitest'
import { emailAbout, type LetterTo, type Telling, textAbout } from './letters.ts'

const at = (time: string) => new Date(`2026-11-24T${time}Z`)
const to: LetterTo = {
  facts: {
    receiverName: 'Ada',
    reason: 'missed',
    dueAt: at('09:30:00'),
    localTime: '09:30',
    timeZone: 'Europe/London',
    attempts: [
      { result: 'rang out', at: at('09:30:00') },
      { result: 'busy', at: at('09:35:00') },
    ],
    accessNotes: 'Key safe by the back door',
  },
  name: 'Ben',
  link: 'https://callassist.example.org/alerts/link/0',
  now: at('11:40:30'),
  openedAt: at('09:40:30'),
}
const every: Telling[] = [
  { kind: 'alert' },
  { kind: 'help wanted', byName: 'Cara' },
  { kind: 'accepted', byName: 'Cara' },
  { kind: 'all-clear', how: 'she is fine', byName: 'Cara' },
  { kind: 'all-clear', how: 'all-clear', byName: null },
  { kind: 'reminder' },
  { kind: 'asked for help' },
  { kind: 'handed over' },
  { kind: 'still waiting' },
]
const isNews = ({ kind }: Telling) => kind === 'accepted' || kind === 'all-clear'

test('an alert by e-mail: what happened, when, each attempt, one button, how to get in', () => {
  expect(emailAbout({ kind: 'alert' }, to)).toEqual({
    subject: 'Ada did not answer the call at 9:30am: will you see to it?',
    blocks: [
      { kind: 'heading', text: 'Ada did not answer the call at 9:30am: will you see to it?' },
      { kind: 'paragraph', text: 'Hello Ben,' },
      { kind: 'paragraph', text: 'The call was due today at 9:30am. We rang twice.' },
      { kind: 'list', items: ['9:30am: nobody picked up', '9:35am: the line was engaged'] },
      {
        kind: 'paragraph',
        text: 'If you will see to it, press the button. Everybody else will hear that it is you.',
      },
      { kind: 'button', text: 'I will see to it', url: to.link },
      { kind: 'facts', rows: [{ label: 'How to get in', value: 'Key safe by the back door' }] },
    ],
  })
})

test('a call that was not placed says that we do not know', () => {
  const facts = { ...to.facts, reason: 'not placed' as const, attempts: [] }
  const { subject, blocks } = emailAbout({ kind: 'alert' }, { ...to, facts })
  expect(subject).toBe('We could not place the 9:30am call to Ada: will you see to it?')
  expect(JSON.stringify(blocks)).toContain('so we do not know how Ada is.')
  expect(blocks.some(({ kind }) => kind === 'list')).toBe(false)
})

test('whoever is to act gets one button and how to get in; news has neither', () => {
  for (const telling of every) {
    const { blocks } = emailAbout(telling, to)
    expect(blocks.filter(({ kind }) => kind === 'button')).toHaveLength(isNews(telling) ? 0 : 1)
    expect(JSON.stringify(blocks).includes('Key safe')).toBe(!isNews(telling))
    expect(JSON.stringify(blocks)).toContain(to.link)
    expect(blocks.filter(({ kind }) => kind === 'heading')).toHaveLength(1)
  }
})

test('every telling has its own subject and its text', () => {
  expect(new Set(every.map((telling) => emailAbout(telling, to).subject)).size).toBe(8)
  for (const telling of every) expect(textAbout(telling, to.facts, null)).toMatch(/^CallAssist: .*Ada/)
  expect(emailAbout({ kind: 'still waiting' }, to).subject).toBe(
    'Still waiting after 2 hours: Ada did not answer the call at 9:30am',
  )
})
