// Bench / things: the tables of the floors and of the two libraries, and the one effect that a job of theirs has: a thing changes its
// state, and its history says so. The product's dispatch and state change leave at least as much. Made and emptied by floors and peers.
import type { World } from './world.ts'

const happening = (which: string) => `moved as (
    update bench.thing set state = state + 1, changed_at = clock_timestamp() where id = ${which} returning id, changed_at)
  insert into bench.history (thing_id, at, event) select id, changed_at, '{"kind":"happened"}'::jsonb from moved`

/** @param $1 the thing */
export const effect = `with ${happening('$1')}`
/** The same, and its job is done with. @param $1 the job */
export const effectOfJob = `with done as (delete from bench.job where id = $1 returning thing_id), ${happening('(select thing_id from done)')}`

const tables = `
  create schema if not exists bench;
  create table if not exists bench.thing (id bigint primary key, state integer not null default 0, changed_at timestamptz);
  create table if not exists bench.history
    (id bigint generated always as identity primary key, thing_id bigint not null, at timestamptz not null, event jsonb not null);
  create table if not exists bench.job (id bigint generated always as identity primary key, thing_id bigint not null);`

/** So many things, numbered from 1, to which nothing has happened; and a job for each when wanted. */
export async function freshThings({ owner }: World, count: number, { jobs = false } = {}): Promise<void> {
  await owner.query(tables)
  await owner.query('truncate bench.thing, bench.history, bench.job restart identity')
  await owner.query('insert into bench.thing (id) select generate_series(1, $1::bigint)', [count])
  if (jobs)
    await owner.query('insert into bench.job (thing_id) select generate_series(1, $1::bigint)', [count])
  await owner.query('vacuum analyze bench.thing, bench.history, bench.job')
}

/** @throws unless to each thing the effect happened, and once */
export async function mustHaveHappenedOnce({ owner }: World, count: number): Promise<void> {
  const { rows } = await owner.query<{ things: string; doubled: string }>(
    `select (select count(distinct thing_id) from bench.history) as things, (select count(*) from bench.thing where state > 1) as doubled`,
  )
  const { things, doubled } = rows[0]!
  if (Number(things) !== count || Number(doubled) !== 0)
    throw new Error(`done ${things} of ${count}, ${doubled} more than once: the number would be worthless`)
}
