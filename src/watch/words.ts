// Watch / words: what this room says, on its page, in its e-mails and texts, and on the telephone. Pure.
import { capitalised, countOf, listOf } from '../kit/plain-words.ts'
import { dayAndTimeInSentence, durationInWords } from '../kit/words-of-time.ts'
import type { Block } from '../mail/mail.ts'
import { type Alarm, type Kind, kinds, type Tiding } from './types.ts'

/** The clock on the wall of those who watch. */
const zone = 'Europe/London'

interface Said {
  /** what is looked at, and how it stands when all is well */
  watched: string
  well: string
  /** `line` is the name of the line that it is about, or '' */
  trouble: (line: string) => string
  over: (line: string) => string
  /** what it means for people */
  means: string
  /** what to do about it, first things first */
  toDo: string
}

const said: Readonly<Record<Kind, Said>> = {
  'database gone': {
    watched: 'The database',
    well: 'It answers.',
    trouble: () => 'The database does not answer',
    over: () => 'The database answers again',
    means:
      'No calls are made, no keys are heard and nobody is told of anything. Nothing is lost: what is due waits.',
    toDo: 'See that PostgreSQL runs and can be reached (postgres.log in the data folder, or the page of whoever hosts it), and start it. If it takes longer than an hour, ring the people on your list of receivers yourselves.',
  },
  'database full': {
    watched: 'Room in the database',
    well: 'It takes what is written.',
    trouble: () => 'The database has no room left',
    over: () => 'The database has room again',
    means: 'Nothing new can be written down, so no calls are made and no answers are kept.',
    toDo: 'Make room on the disk of the database: delete old backups and logs there, or have the disk enlarged. Never delete anything in the folder postgres itself.',
  },
  'database read-only': {
    watched: 'Writing to the database',
    well: 'It may be written to.',
    trouble: () => 'The database can only be read',
    over: () => 'The database can be written to again',
    means: 'Nothing new can be written down, so no calls are made and no answers are kept.',
    toDo: 'It is probably a standby that was not promoted: promote it, or point DATABASE_URL at the server that is.',
  },
  workers: {
    watched: 'The workers',
    well: 'They go round.',
    trouble: () => 'No worker works',
    over: () => 'A worker works again',
    means:
      'Calls that fall due are not made, and alerts go no further. What is due waits, and is dealt with when a worker runs.',
    toDo: 'Restart the process with ROLE=worker or ROLE=all. If it runs but does nothing, end it with kill -9 first: nothing is lost. Then look into its log for “an actor failed”.',
  },
  dispatcher: {
    watched: 'The dispatchers of the lines',
    well: 'What may leave leaves.',
    trouble: (line) => `Nothing leaves on line ${line}, though something waits that may`,
    over: (line) => `Line ${line} sends again`,
    means: 'Calls and texts wait at this line and do not go out.',
    toDo: 'Restart the workers, one after the other. What was asked of the telephone company already is not asked again.',
  },
  overdue: {
    watched: 'What is due',
    well: 'It is dealt with in time.',
    trouble: () => 'What is due is not dealt with in time',
    over: () => 'What is due is dealt with in time again',
    means: 'Calls are late, or alerts go on late, for at least one person.',
    toDo: 'Look into the log for “an actor failed” or “could not be advanced”: it says which kind of work stands still. If there is nothing, the database is too slow: see what else runs on its machine.',
  },
  provider: {
    watched: 'The telephone companies',
    well: 'They do what they are asked.',
    trouble: (line) => `The telephone company of line ${line} has failed`,
    over: (line) => `The telephone company of line ${line} works again`,
    means:
      'What waited at this line leaves by another one where there is one. Where there is none, calls are tried again and again, and end as not placed, with an alert.',
    toDo: 'Look at the telephone company’s own status page and at the balance of the account. There is nothing to do here when it comes back: the line is tried every half minute.',
  },
  callbacks: {
    watched: 'Reports of the telephone companies',
    well: 'They arrive.',
    trouble: (line) => `Nothing is heard of the calls on line ${line}`,
    over: (line) => `The calls on line ${line} are reported on again`,
    means:
      'Telephones ring, but whoever answers hears nothing of ours, or only an apology. Their calls may raise alerts.',
    toDo: 'See that PUBLIC_URL can be reached from outside with a good certificate, and look into the log for “a webhook was refused”: then the address or TWILIO_AUTH_TOKEN is wrong.',
  },
  'watch call': {
    watched: 'The call to ourselves, every five minutes',
    well: 'It gets through.',
    trouble: () => 'The call to ourselves did not get through',
    over: () => 'The call to ourselves gets through again',
    means: 'Other calls may not get through either.',
    toDo: 'Ring WATCH_NUMBER yourself: it must answer and press a key by itself. If it does, the trouble is between us and the telephone company: look at the other troubles here and into the log for “the provider did not take it”.',
  },
  mail: {
    watched: 'The mail server',
    well: 'It takes what waits to be sent.',
    trouble: () => 'The mail server takes nothing',
    over: () => 'The mail server takes e-mails again',
    means: 'Nobody is told by e-mail, and nobody can sign in. Alerts by call and text go on.',
    toDo: 'See that the server of SMTP_URL runs and that name and password are right. What waits is tried again by itself.',
  },
  clock: {
    watched: 'The clock of this machine',
    well: 'It runs evenly.',
    trouble: () => 'The clock of this machine jumped',
    over: () => 'The clock of this machine runs evenly again',
    means: 'Calls may have been made too early or too late. Each is still made once.',
    toDo: 'See that the machine keeps its time by NTP (timedatectl), and whether it was asleep or moved. Then look at today’s calls.',
  },
  lateness: {
    watched: 'The next two hours',
    well: 'Every call can be made on time.',
    trouble: (line) => `Calls on line ${line} will be late within two hours`,
    over: (line) => `Calls on line ${line} are on time again`,
    means:
      'More calls are due at one time than the line can make. The last of them will ring more than five minutes late.',
    toDo: 'Raise the rate of the line if the telephone company allows it, or ask for other times: the page of the coming day says how.',
  },
}

export const words = {
  title: 'How CallAssist is',
  lead: 'A watch of its own looks every ten seconds whether everything works, and writes to those who watch the queue when it does not.',
  allWell: 'Everything works',
  troubles: (count: number) =>
    `${capitalised(countOf(count, 'thing'))} ${count === 1 ? 'is' : 'are'} not well`,
  lookedAt: (at: Date, now: Date) => `Last looked at ${dayAndTimeInSentence(at, zone, now)}.`,
  blind: 'Nobody knows: the watch does not look',
  blindMeans: 'Calls may be made or not. What this page shows below is old, or nothing.',
  blindToDo:
    'Start the process with ROLE=watch, or with ROLE=all. If one runs, the database does not answer it: look there.',
  since: (since: Date, now: Date) => `Since ${dayAndTimeInSentence(since, zone, now)}.`,
  notTold: 'Nobody could be told of it yet: neither by e-mail nor by text.',
  means: 'What it means',
  toDo: 'What to do',
  watchedTitle: 'What is looked at',
  notWell: 'Not well: see above.',
  notMade: 'No such call is made: the setting WATCH_NUMBER is not given.',
  notMadeYet: 'None was made yet.',
  unknown: 'Not known.',
  toQueue: 'Alerts that nobody has in hand',
  toForecast: 'The coming day on our lines',
} as const

/** On the telephone, to ourselves. */
export const spoken = {
  question: 'This is CallAssist, ringing itself to see that calls are made. Press any key.',
  goodbye: 'Thank you. Good-bye.',
} as const

export const troubleInWords = ({ kind, subject }: Pick<Alarm, 'kind' | 'subject'>): string =>
  said[kind].trouble(subject)
export const meaningOf = ({ kind }: Pick<Alarm, 'kind'>): string => said[kind].means
export const toDoAbout = ({ kind }: Pick<Alarm, 'kind'>): string => said[kind].toDo

/** Of each of the twelve what it is, and its sentence while it is well. */
export const watched: readonly { kind: Kind; what: string; well: string }[] = kinds.map((kind) => ({
  kind,
  what: said[kind].watched,
  well: said[kind].well,
}))

export interface Told {
  alarm: Alarm
  tiding: Tiding
}

/** One e-mail about everything there is to tell at this moment. @param link the page; null: nobody knows where it is reached */
export function letter(
  told: readonly Told[],
  now: Date,
  link: string | null,
): { subject: string; blocks: Block[] } {
  const subject = headline(told)
  return {
    subject,
    blocks: [
      { kind: 'heading', text: subject },
      ...told.flatMap(({ alarm, tiding }): Block[] =>
        tiding === 'over'
          ? [{ kind: 'paragraph', text: `${said[alarm.kind].over(alarm.subject)}. ${lasted(alarm, now)}` }]
          : [
              {
                kind: 'paragraph',
                text: `${troubleInWords(alarm)}. ${words.since(alarm.since, now)}${tiding === 'again' ? ' It still is so.' : ''}`,
              },
              { kind: 'paragraph', text: `${words.means}: ${meaningOf(alarm)}` },
              { kind: 'paragraph', text: `${words.toDo}: ${toDoAbout(alarm)}` },
            ],
      ),
      ...(link ? [{ kind: 'button', text: words.title, url: link } as const] : []),
    ],
  }
}

/** The same as a text: what, and where to read more. */
export function text(told: readonly Told[], link: string | null): string {
  return [`CallAssist: ${told.map(sentence).join('. ')}.`, link].filter(Boolean).join(' ')
}

const lasted = ({ since }: Alarm, now: Date): string =>
  `It lasted ${durationInWords(Math.max(0, now.getTime() - since.getTime()))}.`

const sentence = ({ alarm, tiding }: Told): string =>
  tiding === 'over' ? said[alarm.kind].over(alarm.subject) : troubleInWords(alarm)

function headline(told: readonly Told[]): string {
  const [first] = told
  if (!first) return ''
  if (told.length === 1) return first.tiding === 'again' ? `Still: ${sentence(first)}` : sentence(first)
  const bad = told.filter(({ tiding }) => tiding !== 'over').length
  const parts = [
    bad > 0 ? `${countOf(bad, 'thing')} not well` : '',
    bad < told.length ? `${countOf(told.length - bad, 'thing')} well again` : '',
  ]
  return capitalised(listOf(parts.filter((part) => part !== '')))
}
