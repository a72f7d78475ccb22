// Watch / pages: /status in plain words for those who watch a queue; /health and /metrics for monitoring, which sign in nowhere and are
// told nothing personal: kinds of trouble, names of lines, counts and times.
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { App } from '../app.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import { Heading, Link, P, StatusPanel, SummaryList } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { metrics } from './metrics.ts'
import type { Alarm, Kind, Standing } from './types.ts'
import { meaningOf, toDoAbout, troubleInWords, watched, words } from './words.ts'

/** A watch that has not looked for so long is itself in trouble. */
const staleMs = 60_000

export interface WatchDeps {
  /** Null: somebody who watches no queue. */
  whoIs(c: Context<WebEnv>): Promise<{ isOperator: boolean } | null>
  /** @throws when it cannot be known */
  standing(): Promise<Standing>
  /** the process that only watches has no other page to lead to */
  isAlone: boolean
}

export function watchRoutes(app: App, { whoIs, standing, isAlone }: WatchDeps): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  /** One that cannot be read is one that nobody knows. */
  const known = () =>
    standing().catch((error: unknown): Standing => {
      app.log.error('how everything stands could not be read', error, { room: 'watch' })
      return { lookedAt: null, ageMs: null, alarms: [], rows: null }
    })

  routes.get('/health', async (c) => {
    const now = await known()
    const isWell = now.alarms.length === 0 && !isBlind(now)
    const body = {
      well: isWell,
      lookedAt: now.lookedAt,
      watching: !isBlind(now),
      troubles: now.alarms.map(({ kind, subject, since }) => ({ kind, subject, since })),
    }
    return c.json(body, isWell ? 200 : 503)
  })

  routes.get('/metrics', async (c) =>
    c.text(metrics(await known(), app.clock.now()), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  )

  routes.get('/status', async (c) => {
    const who = await whoIs(c)
    if (!who && !c.get('viewer')) return redirect303(c, '/signin?next=/status')
    if (!who?.isOperator) throw new HTTPException(404)
    const isCallMade = app.config.watchNumber !== null
    const page = { title: words.title, ...(isAlone && { nav: [] }) }
    return sendPage(
      c,
      page,
      <StatusPage standing={await known()} now={app.clock.now()} {...{ isAlone, isCallMade }} />,
    )
  })
  return routes
}

const isBlind = ({ ageMs }: Standing): boolean => ageMs === null || ageMs > staleMs

interface StatusShown {
  standing: Standing
  now: Date
  isAlone: boolean
  isCallMade: boolean
}

function StatusPage({ standing, now, isAlone, isCallMade }: StatusShown) {
  const { alarms, lookedAt } = standing
  return (
    <>
      <Heading>{words.title}</Heading>
      <P lead>{words.lead}</P>
      {isBlind(standing) ? <Blind /> : <Summary count={alarms.length} />}
      {alarms.map((alarm) => (
        <OneAlarm key={`${alarm.kind} ${alarm.subject}`} alarm={alarm} now={now} />
      ))}
      <h2 class="govuk-heading-m">{words.watchedTitle}</h2>
      <SummaryList
        rows={watched.map(({ kind, what, well }) => ({
          key: what,
          value: howItStands(kind, well, { standing, isCallMade }),
        }))}
      />
      {lookedAt && <P>{words.lookedAt(lookedAt, now)}</P>}
      {!isAlone && (
        <>
          <P>
            <Link href="/queue">{words.toQueue}</Link>
          </P>
          <P>
            <Link href="/forecast">{words.toForecast}</Link>
          </P>
        </>
      )}
    </>
  )
}

function howItStands(
  kind: Kind,
  well: string,
  { standing, isCallMade }: Pick<StatusShown, 'standing' | 'isCallMade'>,
): string {
  if (standing.alarms.some((alarm) => alarm.kind === kind)) return words.notWell
  if (isBlind(standing)) return words.unknown
  if (kind !== 'watch call') return well
  if (!isCallMade) return words.notMade
  return standing.rows && !standing.rows.watchCall ? words.notMadeYet : well
}

const Blind = () => (
  <StatusPanel mood="bad" title={words.blind}>
    <P>{words.blindMeans}</P>
    <P>
      <strong>{words.toDo}:</strong> {words.blindToDo}
    </P>
  </StatusPanel>
)

const Summary = ({ count }: { count: number }) => (
  <StatusPanel
    mood={count === 0 ? 'good' : 'attention'}
    title={count === 0 ? words.allWell : words.troubles(count)}
  />
)

function OneAlarm({ alarm, now }: { alarm: Alarm; now: Date }) {
  return (
    <StatusPanel
      id={`${alarm.kind} ${alarm.subject}`.trim().replaceAll(/[^a-z]+/gi, '-')}
      mood="bad"
      title={troubleInWords(alarm)}
    >
      <P>
        {words.since(alarm.since, now)} {alarm.toldAt === null && words.notTold}
      </P>
      <P>
        <strong>{words.means}:</strong> {meaningOf(alarm)}
      </P>
      <P>
        <strong>{words.toDo}:</strong> {toDoAbout(alarm)}
      </P>
    </StatusPanel>
  )
}
