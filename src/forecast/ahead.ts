// Forecast / ahead: gathers what predict.ts needs and says of each line what its coming day looks like. Called by pages.tsx and sweep.ts.
import type { App } from '../app.ts'
import { comingCalls, howTriesWent } from '../calls/calls.ts'
import { type Line, linesInUse } from '../lines/lines.ts'
import { type Experience, type Peak, peaksOf } from './predict.ts'

const day = 24 * 60 * 60_000
/** A peak is told of when its last call is later than this: until then a call is as good as on time. */
export const tooLateMs = 5 * 60_000
/** Experience is of so long; older weeks say less about tomorrow. */
const experienceMs = 28 * day
/** With fewer first tries than these, chance speaks louder than experience. */
const triesAtLeast = 50

/** What is supposed before there is experience: three in ten ring a second time, and half of those a third. */
const supposed: Experience = { goesOn: [0.3, 0.5, 0.5, 0.5, 0.5], tryMs: 45_000 }

export interface LineAhead {
  line: Line
  /** texts and calls that wait at it now */
  waiting: number
  callsDue: number
  /** in order of time */
  peaks: Peak[]
}

export interface DayAhead {
  lines: LineAhead[]
  experience: Experience
  /** false: there is too little of it yet, and it is supposed */
  isExperienced: boolean
}

/** The day from now on, over the calls of every organisation: they share the lines. Counts and times, nothing personal. */
export async function dayAhead(app: App): Promise<DayAhead> {
  const now = app.clock.now()
  return app.db.look(async (tx) => {
    const lines = await linesInUse(tx)
    const calls = await comingCalls(tx, now, new Date(now.getTime() + day))
    const past = await howTriesWent(tx, new Date(now.getTime() - experienceMs))
    const isExperienced = (past.tries[0] ?? 0) >= triesAtLeast
    const experience = isExperienced ? learnt(past) : supposed
    const byLine = Map.groupBy(calls, ({ lineId }) => lineId ?? lines[0]?.line.id)
    return {
      isExperienced,
      experience,
      lines: lines.map(({ line, waiting }) => {
        const coming = byLine.get(line.id) ?? []
        return { line, waiting, callsDue: coming.length, peaks: peaksOf(coming, line, experience) }
      }),
    }
  })
}

/** @param tries how many first, second, … tries there were; @param secondsEach how long one took on the average */
function learnt({ tries, secondsEach }: { tries: readonly number[]; secondsEach: number }): Experience {
  const goesOn = tries
    .slice(0, -1)
    .map((count, place) => Math.min(1, (tries[place + 1] ?? 0) / Math.max(1, count)))
  return { goesOn: goesOn.length > 0 ? goesOn : [0], tryMs: secondsEach * 1000 }
}
