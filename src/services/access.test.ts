// Services / access on a real database: everybody against services of their own, a sibling's, and another organisation's.
import type { Context } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { addService, families, type TestApp, testApp } from '../../test/support/app.ts'
import type { OrgScope } from '../db/db.ts'
import { createPerson } from '../people/people.ts'
import type { SignedIn, Signin } from '../signin/signin.ts'
import type { WebEnv } from '../web/env.ts'
import { accessTo } from './access.ts'

let open: TestApp | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

const others: OrgScope = { organisationId: '00000000-0000-7000-8000-000000000002' }

/** Ada and Edna are of one organisation, with Ben and Cara for them and a desk; Mary is of another, with Dan and a desk. */
async function world() {
  const app = await testApp()
  open = app
  const ada = await addService(app, { receiver: { name: 'Ada' }, stakeholders: [{ name: 'Ben', step: 1 }] })
  const edna = await addService(app, {
    receiver: { name: 'Edna' },
    stakeholders: [{ name: 'Cara', step: 1 }],
  })
  const mary = await addService(app, {
    organisationId: others.organisationId,
    receiver: { name: 'Mary' },
    stakeholders: [{ name: 'Dan', step: 1 }],
  })
  const desk = (scope: OrgScope) =>
    app.db.in(scope, async (tx) => {
      const id = await createPerson(app, tx, { name: 'Desk', phone: null, email: 'desk@example.org' })
      await tx.sql
        .insertInto('member')
        .values({ organisation_id: scope.organisationId, person_id: id, role: 'operator' })
        .execute()
      return id
    })
  const person = (scope: OrgScope, id: string) => ({ organisationId: scope.organisationId, id, name: '' })
  const seen = (serviceId: string, ...persons: SignedIn['persons']) => {
    const signin = { whoIs: async () => ({ email: 'somebody@example.org', persons }) } as unknown as Signin
    return accessTo(app, signin, {} as Context<WebEnv>, serviceId)
  }
  return {
    app,
    ada,
    edna,
    mary,
    seen,
    ben: person(families, ada.people.Ben!),
    cara: person(families, edna.people.Cara!),
    dan: person(others, mary.people.Dan!),
    ourDesk: person(families, await desk(families)),
    theirDesk: person(others, await desk(others)),
  }
}

const notThere = expect.objectContaining({ status: 404 })

test('whoever has a role sees that service as themselves, and is no operator for it', async () => {
  const { seen, ada, ben } = await world()
  expect(await seen(ada.serviceId, ben)).toEqual({
    organisationId: families.organisationId,
    serviceId: ada.serviceId,
    personId: ben.id,
    isOperator: false,
  })
})

test('a desk sees every service of its organisation, as an operator', async () => {
  const { seen, ada, edna, ourDesk } = await world()
  for (const { serviceId } of [ada, edna])
    expect(await seen(serviceId, ourDesk)).toEqual({
      organisationId: families.organisationId,
      serviceId,
      personId: ourDesk.id,
      isOperator: true,
    })
})

test('whoever is both acts in their role, and sees as an operator', async () => {
  const { seen, ada, mary, ben, ourDesk, theirDesk } = await world()
  expect(await seen(ada.serviceId, ourDesk, ben)).toMatchObject({ personId: ben.id, isOperator: true })
  expect(await seen(ada.serviceId, theirDesk, ben)).toMatchObject({ personId: ben.id, isOperator: false })
  expect(await seen(mary.serviceId, ourDesk, theirDesk)).toMatchObject({
    organisationId: others.organisationId,
    personId: theirDesk.id,
    isOperator: true,
  })
})

test('nobody else sees it, and it looks as if it were not there', async () => {
  const { seen, ada, edna, mary, ben, cara, dan, ourDesk, theirDesk } = await world()
  for (const [serviceId, who] of [
    [ada.serviceId, cara],
    [ada.serviceId, dan],
    [ada.serviceId, theirDesk],
    [edna.serviceId, ben],
    [mary.serviceId, ben],
    [mary.serviceId, ourDesk],
    // one's own number, said to be of another organisation
    [mary.serviceId, { ...ben, organisationId: others.organisationId }],
    [ada.serviceId, { ...ben, organisationId: others.organisationId }],
    [crypto.randomUUID(), ourDesk],
    ['not-an-id', ourDesk],
  ] as const)
    await expect(seen(serviceId, who)).rejects.toEqual(notThere)
  await expect(seen(ada.serviceId)).rejects.toEqual(notThere)
})

test('a stranger is told apart from somebody who may not', async () => {
  const { app, ada } = await world()
  const signin = { whoIs: async () => null } as unknown as Signin
  expect(await accessTo(app, signin, {} as Context<WebEnv>, ada.serviceId)).toBe(null)
  expect(await accessTo(app, signin, {} as Context<WebEnv>, 'not-an-id')).toBe(null)
})
