// Setting up a call, from its first page to the last, as the stories do it. Every page is waited for by its question.
import { words } from '../../../src/setup/words.ts'
import { summaryWords } from '../../../src/setup/words-of-summary.ts'
import type { Hands } from './hands.ts'
import { arrive } from './visitor.ts'

export interface Contact {
  name: string
  phone: string
  email: string
}

export interface Wish {
  /** who sets it up */
  yourName: string
  /** and has set up another before, so is not asked again */
  isKnown?: boolean
  receiver: string
  number: string
  time: string
  /** for a mobile: the label of how to reach them */
  by?: string
  /** answers the question what is heard, up to the page on which all calls stand */
  message: (hands: Hands, receiver: string) => Promise<void>
  /** the number on which the person who sets it up is told */
  yourNumber: string
  /** told at the same time */
  other: Contact
  notes: string
}

const called = (name: string) => ({ name, isSelf: false })

/** Begins on "Set up a call", ends on "The calls to Ada are set up". @param look is called on every page */
export async function setUp(
  hands: Hands,
  wish: Wish,
  look: (page: string) => Promise<void> = async () => {},
): Promise<void> {
  const { page } = hands
  const r = called(wish.receiver)
  const at = async (question: string) => {
    await arrive(page, question)
    await look(question)
  }
  const goOn = () => hands.press(words.continue)

  await at(words.begin.title)
  await hands.press(words.begin.start)

  if (!wish.isKnown) {
    await at(words.yourName.question)
    await hands.type(words.yourName.question, wish.yourName)
    await goOn()
  }

  await at(words.receiver.question)
  await hands.choose(words.receiver.other)
  await hands.type(words.receiver.name, wish.receiver)
  await goOn()

  await at(words.numbers.question(r))
  await hands.type(words.numbers.first, wish.number)
  await goOn()

  await at(words.kind.question)
  await hands.choose(words.kind.checkIn(r))
  await goOn()

  if (wish.by) {
    await at(words.by.question(r))
    await hands.choose(wish.by)
    await goOn()
  }
  const isWritten = wish.by === words.by.text
  await at(isWritten ? words.days.write : words.days.question)
  await hands.choose(words.days.every)
  await goOn()

  const atWhatTime = isWritten ? words.time.write : words.time.question
  await at(atWhatTime)
  await hands.type(atWhatTime, wish.time)
  await goOn()

  await at(isWritten ? words.heard.writtenQuestion : words.heard.question(r))
  await wish.message(hands, wish.receiver)

  await at(words.calls.question(r))
  await goOn()

  await at(words.alerts.question(r))
  await hands.choose(words.alerts.me(wish.yourName))
  await goOn()
  await at(words.contact.meQuestion)
  await hands.type(words.contact.yourPhone, wish.yourNumber)
  await goOn()
  await at(words.alerts.question(r))
  await hands.press(words.alerts.add)
  await at(words.contact.newQuestion)
  await hands.type(words.contact.name, wish.other.name)
  await hands.type(words.contact.phone, wish.other.phone)
  await hands.type(words.contact.email, wish.other.email)
  await goOn()
  await arrive(page, words.alerts.question(r))
  await hands.press(words.alerts.joinAbove(wish.yourName))
  await page.getByRole('button', { name: words.alerts.leaveAbove(wish.yourName) }).waitFor()
  await look('two people are told')
  await goOn()

  await at(words.notes.question(r))
  await hands.type(words.notes.question(r), wish.notes)
  await goOn()

  await at(summaryWords.check.title)
  await hands.press(summaryWords.check.start)
  await at(summaryWords.done.title(r))
}

/** A ready-made message, read out by a voice. */
export const preset =
  (title: string) =>
  async (hands: Hands): Promise<void> => {
    await hands.choose(words.heard.preset)
    await hands.press(words.continue)
    await arrive(hands.page, words.preset.question)
    await hands.choose(title)
    await hands.press(words.continue)
  }
