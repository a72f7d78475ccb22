// Recorder / sweep: fetches what was recorded from the provider, has it judged and kept, and then has the provider forget it. An actor
// of the worker; any number of processes may run it. A tape is claimed and committed before the provider is asked, and what came of it
// saved after, so a process that dies in between leaves it to be fetched again.
import type { App } from '../app.ts'
import { phoneOfLine } from '../lines/lines.ts'
import { keepRecording } from '../messages/messages.ts'
import { OutsideTrouble, type Phone } from '../outside/phone/port.ts'
import type { Actor } from '../queue/actor.ts'
import { advance } from './advance.ts'
import type { TapeTrouble } from './machine.ts'
import {
  claimTapes,
  lockTake,
  lockTape,
  nextTapeAt,
  saveForgotten,
  saveFound,
  saveTrouble,
  type Tape,
} from './store.ts'
import { recordingName } from './words.ts'

/** Longer than fetching and judging can take, so that nobody fetches what another is still fetching. */
const claimSeconds = 60
const atMost = 20
/** Seconds between tries: the person is on the line and waits. The last one repeats. */
const fetchPauses = [1, 1, 2, 2, 3, 5, 10, 30, 60, 300, 900]
/** For two days; what the provider has not given until then it will not give. */
const fetchTries = 200
/** Nobody waits, but it must be done in the end: there is no last try. */
const forgetPauses = [5, 60, 300, 900, 3600]

/**
 * @param inFlight tapes under way at once. 1: each is waited for before anything else happens, which makes a rehearsal repeatable;
 *   more: they go beside the loop, so that a slow provider holds up no call.
 */
export function recorderActors(app: App, { inFlight = 20 }: { inFlight?: number } = {}): Actor[] {
  const going = new Set<Promise<void>>()

  function handleBeside(tape: Tape): void {
    const handling = handle(app, tape).finally(() => {
      going.delete(handling)
      app.bell.ring({ work: true })
    })
    going.add(handling)
  }

  return [
    {
      name: 'recorder',
      async runDue(now) {
        const isWaitedFor = inFlight === 1
        const room = isWaitedFor ? atMost : Math.min(atMost, inFlight - going.size)
        if (room < 1) return 0
        const tapes = await claimTapes(app, now, new Date(now.getTime() + claimSeconds * 1000), room)
        for (const tape of tapes) {
          if (isWaitedFor) await handle(app, tape)
          else handleBeside(tape)
        }
        return tapes.length
      },
      nextAt: () => app.db.look((tx) => nextTapeAt(tx)),
      finish: async () => void (await Promise.all(going)),
    },
  ]
}

/** Never rejects: one tape's trouble is not another's. What cannot be saved stays claimed and is due again when that runs out. */
async function handle(app: App, tape: Tape): Promise<void> {
  try {
    if (tape.state === 'to fetch') await fetchTape(app, tape)
    else await forgetTape(app, tape)
  } catch (error) {
    app.log.error('a recording of the provider’s could not be handled', error, { tape: tape.id })
  }
}

async function fetchTape(app: App, tape: Tape): Promise<void> {
  const got = await asked(app, tape, (phone) => phone.fetchRecording(tape.providerSid))
  if (got.ok) return judge(app, tape, got.answer)
  const about = { tape: tape.id, tries: tape.tries + 1, reason: got.reason }
  if (tape.tries + 1 < fetchTries) {
    app.log.info('a recording is not there yet', about)
    return later(app, tape, got.reason, fetchPauses)
  }
  app.log.warn('a recording was given up: the provider never gave it to us', about)
  await found(app, tape, 'lost')
}

/** Kept encrypted, or refused with the reason; in one transaction with what the take makes of it. */
async function judge(app: App, tape: Tape, wav: Uint8Array): Promise<void> {
  const isKept = await app.db.in(tape, async (tx) => {
    const take = await lockTake(tx, tape.takeId)
    const held = await lockTape(tx, tape.id)
    // somebody else was faster
    if (!take || held?.state !== 'to fetch') return true
    const wanted = { wav, name: recordingName(take.receiverName), recordedBy: take.askedBy }
    const kept = await keepRecording(app, tx, wanted)
    if (!kept.ok) {
      await saveFound(app, tx, tape.id, kept.trouble)
      await advance(app, tx, tape.takeId, { kind: 'refused', tapeId: tape.id, trouble: kept.trouble })
      return false
    }
    await saveFound(app, tx, tape.id, 'good')
    const { recordingId } = kept
    await advance(app, tx, tape.takeId, { kind: 'judged', tapeId: tape.id, recordingId })
    return true
  })
  app.log.info('a recording was fetched', { tape: tape.id, seconds: tape.seconds, good: isKept })
}

async function found(app: App, tape: Tape, trouble: TapeTrouble): Promise<void> {
  await app.db.in(tape, async (tx) => {
    await lockTake(tx, tape.takeId)
    await saveFound(app, tx, tape.id, trouble)
    await advance(app, tx, tape.takeId, { kind: 'refused', tapeId: tape.id, trouble })
  })
}

async function forgetTape(app: App, tape: Tape): Promise<void> {
  const done = await asked(app, tape, (phone) => phone.deleteRecording(tape.providerSid))
  if (done.ok) return app.db.in(tape, (tx) => saveForgotten(app, tx, tape.id))
  app.log.warn('the provider still keeps a recording', {
    tape: tape.id,
    tries: tape.tries + 1,
    reason: done.reason,
  })
  await later(app, tape, done.reason, forgetPauses)
}

async function later(app: App, tape: Tape, reason: string, pauses: readonly number[]): Promise<void> {
  const seconds = pauses[tape.tries] ?? pauses.at(-1)!
  const wakeAt = new Date(app.clock.now().getTime() + seconds * 1000)
  await app.db.in(tape, (tx) => saveTrouble(tx, tape, reason, wakeAt))
}

/** Trouble of the outside is data: whether it is for now or for good, it is tried again, because an operator may put it right. */
async function asked<T>(
  app: App,
  tape: Tape,
  request: (phone: Phone) => Promise<T>,
): Promise<{ ok: true; answer: T } | { ok: false; reason: string }> {
  try {
    const phone = await phoneOfLine(app, tape.lineId)
    return phone
      ? { ok: true, answer: await request(phone) }
      : { ok: false, reason: 'its provider is not configured' }
  } catch (error) {
    if (error instanceof OutsideTrouble) return { ok: false, reason: error.message }
    throw error
  }
}
