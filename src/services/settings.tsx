// Services / settings: what is decided for a service beside its set-up, each on a page of its own: that the calls end for good, or
// begin again, and the PIN by which the receiver proves who rings in. Routes and their pages. Called by pages.tsx.
import type { Hono } from 'hono'
import type { App } from '../app.ts'
import type { Tx } from '../db/db.ts'
import { withPlainDigits } from '../kit/typed-text.ts'
import { personById } from '../people/people.ts'
import { tellStakeholders } from '../ringin/ringin.ts'
import { startCallsAgain, stopCalls } from '../schedules/schedules.ts'
import { redirect303, sendPage } from '../web/answer.ts'
import { Bullets, Heading, P } from '../web/components.tsx'
import type { WebEnv } from '../web/env.ts'
import { Radios, TextInput } from '../web/fields.tsx'
import { readForm } from '../web/form.ts'
import { Button, type Errors, Form } from '../web/forms.tsx'
import { pinShape } from './pin.ts'
import { servicePlan, setPin, setVoicemail, type Voicemail } from './store.ts'
import type { Within } from './within.ts'
import { settingsWords as words } from './words-of-settings.ts'

export function settingsRoutes(routes: Hono<WebEnv>, app: App, within: Within): void {
  async function tell(
    tx: Tx,
    serviceId: string,
    what: 'stopped' | 'started again',
    by: string,
  ): Promise<void> {
    const name = (await personById(tx, by))?.name ?? ''
    await tellStakeholders(app, tx, serviceId, { what, by: { is: 'stakeholder', name } }, by)
  }

  routes.get('/services/:id/stop', (c) =>
    within(c, async (tx, { serviceId }) => {
      const { receiverName, endedAt } = await servicePlan(tx, serviceId)
      if (endedAt) return redirect303(c, `/services/${serviceId}`)
      const title = words.stopTitle(receiverName)
      return sendPage(
        c,
        { title, back: `/services/${serviceId}` },
        <StopPage serviceId={serviceId} name={receiverName} />,
      )
    }),
  )

  routes.post('/services/:id/stop', (c) =>
    within(c, async (tx, { serviceId, personId }) => {
      if (await stopCalls(app, tx, serviceId)) await tell(tx, serviceId, 'stopped', personId)
      return redirect303(c, `/services/${serviceId}`)
    }),
  )

  routes.delete('/services/:id/stop', (c) =>
    within(c, async (tx, { serviceId, personId }) => {
      if (await startCallsAgain(app, tx, serviceId)) await tell(tx, serviceId, 'started again', personId)
      return redirect303(c, `/services/${serviceId}`)
    }),
  )

  routes.get('/services/:id/pin', (c) =>
    within(c, async (tx, { serviceId }) => {
      const plan = await servicePlan(tx, serviceId)
      const title = words.pinTitle(plan.receiverName)
      const page = <PinPage serviceId={serviceId} name={plan.receiverName} hasPin={plan.hasPin} />
      return sendPage(c, { title, back: `/services/${serviceId}` }, page)
    }),
  )

  routes.post('/services/:id/pin', async (c) => {
    const form = await readForm(c)
    return within(c, async (tx, { serviceId }) => {
      const plan = await servicePlan(tx, serviceId)
      const pin = withPlainDigits(form.text('pin')).replaceAll(/[ -]/g, '')
      if (pinShape.test(pin) && !isTooEasy(pin)) {
        await setPin(app, tx, serviceId, pin)
        return redirect303(c, `/services/${serviceId}`)
      }
      const errors: Errors = [{ field: 'pin', text: pinShape.test(pin) ? words.pinEasy : words.pinShape }]
      const title = words.pinTitle(plan.receiverName)
      return sendPage(
        c,
        { title, back: `/services/${serviceId}`, errors },
        <PinPage
          serviceId={serviceId}
          name={plan.receiverName}
          hasPin={plan.hasPin}
          typed={form.text('pin')}
          errors={errors}
        />,
      )
    })
  })

  routes.delete('/services/:id/pin', (c) =>
    within(c, async (tx, { serviceId }) => {
      await setPin(app, tx, serviceId, null)
      return redirect303(c, `/services/${serviceId}`)
    }),
  )
}

export function voicemailRoutes(routes: Hono<WebEnv>, within: Within): void {
  routes.get('/services/:id/answerphone', (c) =>
    within(c, async (tx, { serviceId }) => {
      const { receiverName, voicemail } = await servicePlan(tx, serviceId)
      const options = { title: words.voicemailTitle(receiverName), back: `/services/${serviceId}` }
      return sendPage(
        c,
        options,
        <VoicemailPage serviceId={serviceId} name={receiverName} chosen={voicemail} />,
      )
    }),
  )

  routes.post('/services/:id/answerphone', async (c) => {
    const form = await readForm(c)
    return within(c, async (tx, { serviceId }) => {
      const chosen = voicemailChoices.find((choice) => choice === form.text('voicemail'))
      if (chosen) {
        await setVoicemail(tx, serviceId, chosen)
        return redirect303(c, `/services/${serviceId}`)
      }
      const { receiverName } = await servicePlan(tx, serviceId)
      const errors: Errors = [{ field: 'voicemail', text: words.voicemailMissing }]
      const options = { title: words.voicemailTitle(receiverName), back: `/services/${serviceId}`, errors }
      return sendPage(
        c,
        options,
        <VoicemailPage serviceId={serviceId} name={receiverName} chosen={null} errors={errors} />,
      )
    })
  })
}

const voicemailChoices: readonly Voicemail[] = ['nothing', 'neutral words']

function VoicemailPage(props: {
  serviceId: string
  name: string
  chosen: Voicemail | null
  errors?: Errors
}) {
  return (
    <Form action={`/services/${props.serviceId}/answerphone`} once>
      <Radios
        name="voicemail"
        label={words.voicemailTitle(props.name)}
        labelSize="l"
        heading
        hint={words.voicemailLead}
        value={props.chosen ?? undefined}
        errors={props.errors}
        items={voicemailChoices.map((choice) => ({
          value: choice,
          text: words.voicemail[choice],
          hint: words.voicemailHint[choice],
        }))}
      />
      <Button>{words.voicemailSave}</Button>
    </Form>
  )
}

/** 1111 and 1234 are what anybody tries first. */
function isTooEasy(pin: string): boolean {
  return /^(\d)\1+$/.test(pin) || '0123456789'.includes(pin) || '9876543210'.includes(pin)
}

function StopPage({ serviceId, name }: { serviceId: string; name: string }) {
  return (
    <>
      <Heading size="l">{words.stopTitle(name)}</Heading>
      <P>{words.stopLead}</P>
      <Bullets items={words.stopMeans(name)} />
      <Form action={`/services/${serviceId}/stop`} once>
        <Button look="warning">{words.stopNow}</Button>
      </Form>
      <P>
        <a class="govuk-link" href={`/services/${serviceId}/pause`}>
          {words.ratherPause}
        </a>
      </P>
    </>
  )
}

function PinPage(props: {
  serviceId: string
  name: string
  hasPin: boolean
  typed?: string
  errors?: Errors
}) {
  const { serviceId, name, hasPin } = props
  return (
    <>
      <Heading size="l">{words.pinTitle(name)}</Heading>
      <P>{words.pinLead(name)}</P>
      <Form action={`/services/${serviceId}/pin`} once>
        <TextInput
          name="pin"
          label={hasPin ? words.pinNewLabel : words.pinLabel}
          hint={words.pinHint(name)}
          value={props.typed}
          errors={props.errors}
          inputMode="numeric"
          autoComplete="off"
          width={10}
        />
        <Button>{words.pinSave}</Button>
      </Form>
      {hasPin && (
        <Form action={`/services/${serviceId}/pin`} method="delete">
          <Button look="secondary">{words.pinRemove}</Button>
        </Form>
      )}
    </>
  )
}
