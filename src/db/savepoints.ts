// Db / savepoints: a part of a transaction that may be undone without the rest. Called by rooms.
import { sql } from 'kysely'
import type { Tx } from './db.ts'

/**
 * Do `work`; when it fails undo it alone and go on with the transaction.
 * @returns what it threw, or null
 */
export async function separately(tx: Tx, work: () => Promise<unknown>): Promise<unknown> {
  await sql`savepoint separately`.execute(tx.sql)
  try {
    await work()
    await sql`release savepoint separately`.execute(tx.sql)
    return null
  } catch (error) {
    await sql`rollback to savepoint separately`.execute(tx.sql)
    return error ?? new Error('failed for no reason')
  }
}

/** Do `work`; when it says no, undo it and let go what it has locked. @returns what it says */
export async function orLetGo(tx: Tx, work: () => Promise<boolean>): Promise<boolean> {
  await sql`savepoint let_go`.execute(tx.sql)
  const isDone = await work()
  await (isDone ? sql`release savepoint let_go` : sql`rollback to savepoint let_go`).execute(tx.sql)
  return isDone
}
