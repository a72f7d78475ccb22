// Website / pages: the home page. It says what CallAssist does and leads to setting up, with both in sight on a phone
// without scrolling.
import { Hono } from 'hono'
import { sendPage } from '../web/answer.ts'
import { Bullets, Card, Cards, InsetText, Link, P, StatusPanel, Timeline } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { Button, Form, LinkButton } from '../web/forms.tsx'
import { Icon, type IconName } from '../web/icons.tsx'
import { homeWords as words } from './words.ts'

export interface WebsiteDeps {
  /** The exchange stands in for the telephone network: there are practice phones, and an example to look around in. */
  hasExchange: boolean
}

/** GET / */
export function websiteRoutes({ hasExchange }: WebsiteDeps): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get('/', (c) =>
    sendPage(
      c,
      { title: words.title, hero: <Hero hasExchange={hasExchange} /> },
      <Home hasExchange={hasExchange} isStranger={!c.get('viewer')} places={c.get('web').places} />,
    ),
  )
  return routes
}

function Hero({ hasExchange }: WebsiteDeps) {
  return (
    <div class="app-hero">
      <div class="app-width">
        <div>
          <h1>{words.title}</h1>
          <p class="app-hero__says">{words.what}</p>
          <div class="app-hero__doors">
            <LinkButton href="/setup" look="inverse">
              {words.setUp}
            </LinkButton>
            {hasExchange && (
              <Form action="/example" once>
                <Button look="secondary">{words.lookAround}</Button>
              </Form>
            )}
          </div>
        </div>
        <Glance />
      </div>
    </div>
  )
}

/** The product itself, as a picture made of its own parts. */
function Glance() {
  const { answered, seenTo } = words.exampleRows
  return (
    <figure class="app-glance">
      <figcaption>{words.exampleCaption}</figcaption>
      <StatusPanel mood="good" title={words.exampleTitle} id="example">
        <p>{words.exampleSays}</p>
      </StatusPanel>
      <Timeline
        items={[
          { key: 'answered', mood: 'good', ...answered },
          { key: 'seen-to', mood: 'waiting', icon: 'person', ...seenTo },
        ]}
      />
    </figure>
  )
}

const howIcons: readonly IconName[] = ['voice', 'calendar', 'bell']
const promiseIcons: readonly IconName[] = ['tick', 'person', 'clock']

function Home(props: {
  hasExchange: boolean
  isStranger: boolean
  places: { signIn: string; exchange: string }
}) {
  return (
    <>
      <h2 class="govuk-heading-l">{words.howTitle}</h2>
      <Cards>
        {words.how.map(({ title, says }, i) => (
          <Card key={title} icon={howIcons[i]!} title={title}>
            <p>{says}</p>
          </Card>
        ))}
      </Cards>
      <P lead>{words.anyPhone}</P>
      <section class="app-promise app-full" aria-labelledby="promise">
        <h2 id="promise">{words.promiseTitle}</h2>
        <p>{words.promiseLead}</p>
        <ol>
          {words.promise.map((end, i) => (
            <li key={end}>
              <span class="app-card__mark">
                <Icon name={promiseIcons[i]!} />
              </span>
              <span>{end}</span>
            </li>
          ))}
        </ol>
        <p>{words.promiseHonest}</p>
      </section>
      <h2 class="govuk-heading-m">{words.notTitle}</h2>
      <Bullets items={words.not} />
      {props.isStranger && (
        <>
          <h2 class="govuk-heading-m">{words.alreadyTitle}</h2>
          <P>
            {words.alreadyBefore} <Link href={props.places.signIn}>{words.signIn}</Link>.
          </P>
        </>
      )}
      {props.hasExchange && (
        <InsetText>
          <h2 class="govuk-heading-s">{words.practiceTitle}</h2>
          <P>
            {words.practiceBefore} <Link href={props.places.exchange}>{words.practiceLink}</Link>.
          </P>
        </InsetText>
      )}
    </>
  )
}
