// Toll fraud: what may not be rung is not asked for, and what is neither a call nor an alert is limited.
import { expect, test } from 'vitest'
import { linesWorld } from '../../test/support/lines.ts'
import { newId } from '../kit/ids.ts'
import { whyNotExtra } from './guards.ts'

const susan = '00000000-0000-7000-8000-0000000000aa'

test.each(['+44900123456', '+447012345678', '+33123456789', '+448451234567', '+44118118'])(
  '%s stands in a row all the same: the provider is not asked, and the owner hears that it cannot be reached',
  async (to) => {
    const { app, ring, settle, owner, exchanges } = await linesWorld()
    const id = await ring({ to })
    await settle()
    expect(app.phone.calls).toEqual([])
    expect(owner.ended_).toMatchObject([{ result: 'unreachable number' }])
    expect(JSON.stringify(await exchanges(id))).toContain('may not ring this number')
  },
)

test('an organisation that may ring another country does', async () => {
  const { app, ring, settle } = await linesWorld()
  await app.db.in(app.scope, ({ sql }) =>
    sql
      .updateTable('organisation')
      .set({ countries: ['GB', 'FR'] })
      .where('organisation_id', '=', app.scope.organisationId)
      .execute(),
  )
  await ring({ to: '+33123456789' })
  await settle()
  expect(app.phone.calls).toHaveLength(1)
})

test('the day’s extras are used up: tests, codes and recordings are refused, a call and an alert go out', async () => {
  const world = await linesWorld()
  const { app, ring } = world
  Object.assign(app, { config: { ...app.config, extrasPerDay: 2 } })
  const extra = { purpose: 'recording', to: '+447700900201', askedBy: susan } as const
  const why = () => app.db.in(app.scope, (tx) => whyNotExtra(app, tx, extra))
  expect(await why()).toBeNull()
  for (let n = 0; n < 2; n++)
    await ring({ purpose: 'test', to: `+44770090021${n}`, serviceId: newId(app.clock.now()) })
  expect(await why()).toContain('calls and alerts always get through')
  await ring({ purpose: 'call', to: '+441632960101' })
  await ring({ purpose: 'alert', to: '+447700900202', priority: 0 })
  await world.live(30)
  expect(app.phone.calls.map(({ to }) => to)).toEqual(
    expect.arrayContaining(['+441632960101', '+447700900202']),
  )
  app.pass(24 * 3600)
  expect(await why()).toBeNull()
})

test('one account is limited however many numbers it has rung', async () => {
  const { app, ring } = await linesWorld()
  for (let n = 0; n < 20; n++)
    await ring({ purpose: 'recording', to: `+4477009003${String(n).padStart(2, '0')}`, askedBy: susan })
  const why = (askedBy: string) =>
    app.db.in(app.scope, (tx) => whyNotExtra(app, tx, { purpose: 'recording', to: '+447700900299', askedBy }))
  expect(await why(susan)).toContain('You have asked for a recording 20 times')
  expect(await why('00000000-0000-7000-8000-0000000000bb')).toBeNull()
})

test('what is refused is refused for its number, with what to do', async () => {
  const { app } = await linesWorld()
  const why = (to: string) =>
    app.db.in(app.scope, (tx) => whyNotExtra(app, tx, { purpose: 'verification', to, askedBy: susan }))
  expect(await why('+44900123456')).toContain('premium rate')
  expect(await why('+33123456789')).toContain('cannot ring France')
})
