// Pages for the browser tests of the web layer: every component once, a form that finds errors, a live page, a recorder.
import { Hono } from 'hono'
import { sendPage } from '../../src/web/answer.ts'
import {
  Bullets,
  Card,
  Cards,
  Details,
  Heading,
  InsetText,
  Link,
  NotificationBanner,
  P,
  Panel,
  PhoneNumber,
  StatusPanel,
  SummaryList,
  Table,
  Tag,
  Timeline,
  WarningText,
} from '../../src/web/components.tsx'
import type { WebEnv } from '../../src/web/env.ts'
import { eventStream, type Send } from '../../src/web/events.ts'
import {
  Checkboxes,
  DateInput,
  FileUpload,
  Radios,
  Select,
  TextArea,
  TextInput,
} from '../../src/web/fields.tsx'
import { readForm } from '../../src/web/form.ts'
import { Button, ButtonGroup, type Errors, Form, LinkButton } from '../../src/web/forms.tsx'
import { VoiceRecorder } from '../../src/web/islands.tsx'

const days = ['Monday', 'Tuesday', 'Wednesday']

export interface Sampler {
  routes: Hono<WebEnv>
  /** What the live page shows from now on. */
  change(to: Partial<LiveState>): void
  /** Recordings that were sent. */
  readonly received: Uint8Array[]
  /** Open event streams. */
  readonly listeners: Set<Send>
  /** Break all event streams, and answer further ones with an error page until told otherwise. */
  breakLinks(): void
  mendLinks(): void
}

interface LiveState {
  mood: 'waiting' | 'good'
  title: string
  rows: string[]
  canRing: boolean
}

export function sampler(): Sampler {
  const routes = new Hono<WebEnv>()
  const received: Uint8Array[] = []
  const listeners = new Set<Send>()
  const ends = new Set<() => void>()
  let broken = false
  let live: LiveState = {
    mood: 'waiting',
    title: 'Ada’s phone is ringing',
    rows: ['First try'],
    canRing: true,
  }

  routes.get('/components', (c) => sendPage(c, { title: 'Components', back: '/' }, <Everything />))
  routes.get('/panel', (c) =>
    sendPage(
      c,
      { title: 'Done' },
      <>
        <Panel title="The calls are set up">The first is tomorrow at 9:30am</Panel>
        <P>We have sent Ben an e-mail.</P>
      </>,
    ),
  )
  routes.get('/form', (c) => sendPage(c, { title: 'When should we ring?', back: '/' }, <When />))
  routes.post('/form', async (c) => {
    const form = await readForm(c)
    const errors = [
      { field: 'days', text: 'Choose at least one day' },
      { field: 'time', text: 'Enter the time of the call, like 9:30am or 14:15' },
      { field: 'mobile', text: 'Enter a mobile number, like 07700 900123' },
    ]
    const values = { time: form.text('time'), second: form.text('second'), days: form.all('days') }
    return sendPage(
      c,
      { title: 'When should we ring?', back: '/', errors },
      <When errors={errors} values={values} />,
    )
  })
  routes.get('/live', (c) => sendPage(c, { title: 'Ada today', live: '/live/events' }, <Live state={live} />))
  routes.get('/live/events', (c) => {
    if (broken) return c.text('Starting', 503)
    const stream = eventStream(c, (send) => {
      listeners.add(send)
      return () => listeners.delete(send)
    })
    const cut = new TransformStream({ start: (controller) => void ends.add(() => controller.terminate()) })
    return new Response(stream.body!.pipeThrough(cut), stream)
  })
  routes.get('/record', (c) => {
    const worklet = c.get('web').assets.url('voice-worklet.js')
    return sendPage(c, { title: 'Your message', scripts: ['voice-recorder'] }, <Record worklet={worklet} />)
  })
  routes.post('/record', async (c) => {
    const file = (await readForm(c)).file('recording')
    if (file) received.push(file.bytes)
    return sendPage(c, { title: 'Saved' }, <h1>{file ? 'Your recording is saved' : 'No recording came'}</h1>)
  })
  return {
    routes,
    received,
    listeners,
    breakLinks() {
      broken = true
      for (const end of ends) end()
      ends.clear()
    },
    mendLinks() {
      broken = false
    },
    change(to) {
      live = { ...live, ...to }
      for (const send of listeners) send({ id: '1' })
    },
  }
}

function Everything() {
  return (
    <>
      <Heading caption="Step 3 of 7">Everything once</Heading>
      <P lead>
        We ring <PhoneNumber>01632 960 101</PhoneNumber>. Times are UK time.
      </P>
      <StatusPanel mood="good" title="Ada answered at 9:31am">
        <P>She pressed a key. Next call: today at 6:00pm.</P>
        <ButtonGroup>
          <Button look="secondary">Ring now</Button>
          <Link href="/change">Change the schedule</Link>
        </ButtonGroup>
      </StatusPanel>
      <StatusPanel mood="waiting" icon="phone" title="Ringing Ada, second try" id="waiting" />
      <StatusPanel
        mood="attention"
        icon="bell"
        title="Nobody has said yet that they will see to it"
        id="attention"
      >
        <P>We told Ben at 9:42am by call, text and e-mail.</P>
      </StatusPanel>
      <StatusPanel mood="bad" title="We could not place the call at 9:30am" id="bad" />
      <StatusPanel mood="quiet" title="Calls are paused until Monday" id="quiet" />
      <Timeline
        items={[
          {
            key: '1',
            when: 'Today, 9:30am',
            at: '2026-11-24T09:30:00Z',
            mood: 'good',
            tag: 'Answered',
            says: 'First try. Pressed 1 after 14 seconds.',
          },
          {
            key: '2',
            when: 'Yesterday, 6:00pm',
            mood: 'bad',
            tag: 'Not answered',
            says: 'Three tries. Ben said “I will see to it” at 6:20pm.',
          },
          {
            key: '3',
            when: 'Yesterday, 9:30am',
            mood: 'attention',
            icon: 'bell',
            tag: 'Help asked for',
            says: 'Ada pressed 9.',
          },
          {
            key: '4',
            when: 'Sunday',
            mood: 'quiet',
            tag: 'Paused',
            says: 'Paused by Ben: “Mum is staying with us”.',
          },
        ]}
      />
      <P>
        <Tag mood="good">Answered</Tag> <Tag mood="waiting">Test</Tag> <Tag mood="attention">Open</Tag>{' '}
        <Tag mood="bad">Missed</Tag> <Tag mood="quiet">Ended</Tag>
      </P>
      <h2 class="govuk-heading-m">Cards</h2>
      <Cards>
        <Card icon="person" title="Ada" href="/ada" tag={{ mood: 'good', text: 'Answered' }}>
          <p>Every day at 9:30am</p>
        </Card>
        <Card step={2} title="Choose the times">
          <p>Any day, any time.</p>
        </Card>
      </Cards>
      <h2 class="govuk-heading-m">Answers</h2>
      <SummaryList
        rows={[
          { key: 'Who we ring', value: 'Ada', change: { href: '/setup/who', what: 'who we ring' } },
          {
            key: 'Number',
            value: <PhoneNumber>01632 960 101</PhoneNumber>,
            change: { href: '/setup/number', what: 'the number' },
          },
          { key: 'Next calls', value: 'Tomorrow, Tuesday 24 November, at 9:30am' },
        ]}
      />
      <NotificationBanner>Ada’s phone does not take calls from withheld numbers.</NotificationBanner>
      <NotificationBanner kind="success">Saved</NotificationBanner>
      <InsetText>The code is in the practice inbox.</InsetText>
      <WarningText>Ending the service ends all its calls.</WarningText>
      <Details summary="What happens if nobody answers">
        <P>We ring again, and then we tell Ben.</P>
      </Details>
      <Bullets items={['One', 'Two']} />
      <Table
        caption="Calls this week"
        captionSize="m"
        firstIsHeader
        head={['Day', { text: 'Tries', numeric: true }]}
        rows={[['Monday', { text: '1', numeric: true }]]}
      />
      <ButtonGroup>
        <Button>Save and continue</Button>
        <LinkButton href="/later" look="secondary">
          Save and come back later
        </LinkButton>
        <Button look="warning" hiddenText="Ben">
          Remove
        </Button>
      </ButtonGroup>
    </>
  )
}

function When({
  errors,
  values = {},
}: {
  errors?: Errors
  values?: { time?: string; second?: string; days?: readonly string[] }
}) {
  return (
    <>
      <Heading caption="Step 3 of 7">When should we ring Ada?</Heading>
      <Form action="/form" once>
        <Checkboxes
          name="days"
          label="Which days?"
          labelSize="m"
          hint="Choose all that apply."
          errors={errors}
          values={values.days}
          items={days.map((day) => ({ value: day, text: day }))}
        />
        <TextInput
          name="time"
          label="What time?"
          labelSize="m"
          hint="For example, 9:30am or 14:15"
          errors={errors}
          value={values.time}
          width={10}
        />
        <Radios
          name="second"
          label="A second call each day?"
          labelSize="m"
          errors={errors}
          value={values.second}
          items={[
            { value: 'no', text: 'No' },
            {
              value: 'yes',
              text: 'Yes',
              reveals: <TextInput name="secondTime" label="Time of the second call" width={10} />,
            },
          ]}
        />
        <TextInput
          name="mobile"
          type="tel"
          label="Your mobile number"
          labelSize="m"
          hint="Only for alerts."
          errors={errors}
          width={20}
        />
        <Select
          name="voice"
          label="Voice"
          items={[
            { value: 'a', text: 'Amy' },
            { value: 'b', text: 'Brian' },
          ]}
        />
        <DateInput name="start" label="First day" labelSize="m" hint="For example, 24 11 2026" />
        <TextArea name="notes" label="Anything the helper should know" hint="Key safe, dog, neighbour" />
        <Button>Save and continue</Button>
      </Form>
    </>
  )
}

function Live({ state }: { state: LiveState }) {
  return (
    <>
      <h1 class="govuk-heading-l">Ada today</h1>
      <StatusPanel mood={state.mood} title={state.title}>
        {state.canRing && <Button look="secondary">Ring now</Button>}
      </StatusPanel>
      <Details summary="Everybody who was told" id="told">
        <P>Ben, by text.</P>
      </Details>
      <TextInput name="note" label="Note" />
      <Timeline items={state.rows.map((says) => ({ key: says, when: '9:30am', mood: 'waiting', says }))} />
    </>
  )
}

function Record({ worklet }: { worklet: string }) {
  return (
    <>
      <h1 class="govuk-heading-l">Record your message for Ada</h1>
      <VoiceRecorder worklet={worklet}>
        <Form action="/record" upload>
          <FileUpload name="recording" label="A sound file of up to 60 seconds" accept="audio/*" />
          <Button look="secondary">Send this file</Button>
        </Form>
      </VoiceRecorder>
    </>
  )
}
