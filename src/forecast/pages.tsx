// Forecast / pages: /forecast, for those who watch a queue: how each line does, and how late its calls of the coming day will be.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import { capitalised } from '../kit/plain-words.ts'
import { dayAndTimeInSentence } from '../kit/words-of-time.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import { Bullets, Heading, Link, P, StatusPanel, SummaryList } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { type DayAhead, dayAhead, type LineAhead, tooLateMs } from './ahead.ts'
import type { Peak } from './predict.ts'
import { headline, words, zone } from './words.ts'

export interface ForecastDeps {
  /** Null: somebody who watches no queue. */
  whoIs(c: Context<WebEnv>): Promise<{ isOperator: boolean } | null>
}

export function forecastRoutes(app: App, { whoIs }: ForecastDeps): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get('/forecast', async (c) => {
    const who = await whoIs(c)
    if (!who && !c.get('viewer')) return redirect303(c, '/signin?next=/forecast')
    if (!who?.isOperator) throw new HTTPException(404)
    const ahead = await dayAhead(app)
    return sendPage(c, { title: words.title }, <ForecastPage ahead={ahead} now={app.clock.now()} />)
  })
  return routes
}

/** Peaks of fewer calls that are on time say nothing: they are counted in one sentence. */
const worthARow = ({ calls, worstLateMs }: Peak): boolean => calls >= 5 || worstLateMs > 30_000

function ForecastPage({ ahead, now }: { ahead: DayAhead; now: Date }) {
  return (
    <>
      <Heading>{words.title}</Heading>
      <P lead>{words.lead}</P>
      {ahead.lines.map((line) => (
        <OneLine key={line.line.id} ahead={line} now={now} />
      ))}
      <P>{words.experience(ahead.isExperienced, ahead.experience)}</P>
      <P>
        <Link href="/status">{words.toStatus}</Link>
      </P>
      <P>
        <Link href="/outages">{words.toOutages}</Link>
      </P>
    </>
  )
}

function OneLine({ ahead, now }: { ahead: LineAhead; now: Date }) {
  const { line, peaks, callsDue, waiting } = ahead
  const worst = peaks.toSorted((a, b) => b.worstLateMs - a.worstLateMs)[0] ?? null
  const isLate = worst !== null && worst.worstLateMs > tooLateMs
  const shown = peaks.filter(worthARow)
  const others = peaks.filter((peak) => !worthARow(peak)).reduce((sum, { calls }) => sum + calls, 0)
  return (
    <>
      <h2 class="govuk-heading-l">{words.line(line)}</h2>
      <StatusPanel
        id={`line-${line.name}`}
        mood={isLate ? 'attention' : callsDue === 0 ? 'quiet' : 'good'}
        title={headline(ahead, worst, now, tooLateMs)}
      >
        <P>{healthInWords(ahead)}</P>
        <P>
          {words.rate(line)} {words.waiting(waiting)}
        </P>
      </StatusPanel>
      {shown.length > 0 && <h3 class="govuk-heading-m">{words.caption}</h3>}
      {shown.length > 0 && (
        <SummaryList
          rows={shown.map((peak) => ({
            key: capitalised(dayAndTimeInSentence(peak.from, zone, now)),
            value: (
              <>
                {words.peak(peak)}{' '}
                {peak.worstLateMs > tooLateMs ? <strong>{words.last(peak)}</strong> : words.last(peak)}
              </>
            ),
          }))}
        />
      )}
      {others > 0 && shown.length > 0 && <P>{words.quiet(others)}</P>}
      {isLate && (
        <>
          <h3 class="govuk-heading-m">{words.whatToDo}</h3>
          <Bullets items={words.remedies} />
        </>
      )}
    </>
  )
}

function healthInWords({ line }: LineAhead): string {
  const { is, since } = line.health
  return is === 'well' ? words.health.well : words.health[is](since)
}
