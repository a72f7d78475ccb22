// Rehearsal / actions: what the people of a scenario do at a time of their own: ring in, write a text, follow a link, pause. An actor
// like any other, made by run.ts. Each deed goes in where such a person would: by the exchange, by a page, by the door of services.
import type { App } from '../app.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { MailRoom } from '../outside/mail/room.ts'
import type { Actor } from '../queue/actor.ts'
import { ringForRecording } from '../recorder/recorder.ts'
import { addPause } from '../services/services.ts'
import type { People } from './run.ts'
import type { Scenario, ScenarioAction } from './scenario.ts'
import { firstMessage } from './store.ts'

export interface Stage {
  app: App
  exchange: Exchange
  mailRoom: MailRoom
  publicUrl: string
  people: People
}

/** The scenario's actions, in the order of their times; at one time, in the order in which they stand there. */
export function actionsOf(scenario: Scenario, stage: Stage): Actor {
  const waiting = scenario.actions.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  return {
    name: 'actions',
    async runDue(now) {
      const next = waiting[0]
      if (!next || next.at > now) return 0
      waiting.shift()
      await act(scenario, stage, next)
      return 1
    },
    nextAt: async () => waiting[0]?.at ?? null,
  }
}

async function act(scenario: Scenario, stage: Stage, action: ScenarioAction): Promise<void> {
  const numberOf = (name: string | undefined) =>
    (scenario.lines.find((line) => line.name === name) ?? scenario.lines[0]!).number
  switch (action.do) {
    case 'ring in': {
      const { from, line, press, speak, hangUpAtSecond } = action
      // somebody whose telephone is in use cannot ring anybody
      stage.exchange.ringIn(from, numberOf(line), { press, speak, hangUpAtSecond })
      return
    }
    case 'text in':
      stage.exchange.textFrom(action.from, numberOf(action.line), action.body)
      return
    case 'accept by link':
      return acceptByLink(stage, action.who)
    case 'record by telephone':
      return recordByTelephone(stage, action)
    case 'pause':
      return pause(stage, action)
    case 'outage':
      // nobody does it: the actors are away by themselves (outages.ts)
      return
  }
}

/** Follow the link of the newest alert e-mail that this person got, and press its button. Without such an e-mail there is nothing to press. */
async function acceptByLink({ mailRoom, people, publicUrl }: Stage, who: string): Promise<void> {
  const link = mailRoom
    .mails()
    .filter((mail) => people.byAddress.get(mail.to) === who)
    .flatMap((mail) => mail.links)
    .findLast((url) => url.includes('/alerts/link/'))
  if (!link) return
  const page = await fetch(link)
  const action = /action="([^"]*\/acceptance[^"]*)"/.exec(await page.text())?.[1]
  if (!action) return
  await fetch(new URL(action, publicUrl), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  })
}

/** They press "Ring me" on the page of the service. What they keep becomes the message of its first schedule. */
async function recordByTelephone(
  { app, people }: Stage,
  { receiver, who }: Extract<ScenarioAction, { do: 'record by telephone' }>,
): Promise<void> {
  const serviceId = people.serviceOf.get(receiver)
  const recorder = people.recorderOf.get(who)
  if (!serviceId || !recorder) return
  await app.db.in(people, async (tx) => {
    const { messageId, kind } = await firstMessage(tx, serviceId)
    await ringForRecording(
      app,
      tx,
      {
        serviceId,
        messageId,
        usePath: null,
        kind,
        receiverName: receiver,
        askedBy: recorder.personId,
        toNumber: recorder.phone,
      },
      null,
    )
  })
}

/** As the page of the service does it. */
async function pause(
  { app, people }: Stage,
  { receiver, from, to, reason }: Extract<ScenarioAction, { do: 'pause' }>,
): Promise<void> {
  const serviceId = people.serviceOf.get(receiver)
  if (!serviceId) return
  await app.db.in(people, async (tx) => {
    await addPause(app, tx, serviceId, { from, to, reason, createdBy: null })
    tx.afterCommit(() => app.bell.ring({ services: [serviceId] }))
  })
}
