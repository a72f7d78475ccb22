// Simulation / days / memory: rows in memory, and transactions over them. A transaction that fails leaves nothing, one that was
// committed stays whatever happens to whoever made it. One at a time: locks are not played, what lies between two transactions is.
// Used by the shells of the simulation.

export interface Tx {
  set<R extends object, K extends keyof R>(row: R, column: K, value: R[K]): void
  /** A new row in a table, or one more in an index. */
  add<T>(table: T[], row: T): void
  /** Beside a change: how it is taken back. */
  onUndo(undo: () => void): void
  afterCommit(run: () => void): void
  /** Do `work`; when it fails undo it alone. @returns what it threw, or null */
  separately(work: () => void): unknown
}

export interface Transaction {
  tx: Tx
  /** something is to be taken back */
  hasChanged(): boolean
  commit(): void
  undo(): void
}

/** The one that is open: they never overlap, so its lists are used again and again. */
const rows: object[] = []
const columns: PropertyKey[] = []
const values: unknown[] = []
const after: (() => void)[] = []

function backTo(length: number): void {
  while (rows.length > length) {
    const [row, column, value] = [rows.pop()!, columns.pop()!, values.pop()]
    if (column === undoing) (value as () => void)()
    else (row as Record<PropertyKey, unknown>)[column] = value
  }
}

const undoing = Symbol('undoing')
const nothing = {}

function remember(row: object, column: PropertyKey, value: unknown): void {
  rows.push(row)
  columns.push(column)
  values.push(value)
}

const tx: Tx = {
  set(row, column, value) {
    if (row[column] === value) return
    remember(row, column, row[column])
    row[column] = value
  },
  add(table, row) {
    table.push(row)
    remember(nothing, undoing, () => table.splice(table.lastIndexOf(row), 1))
  },
  onUndo: (undo) => remember(nothing, undoing, undo),
  afterCommit: (run) => {
    after.push(run)
  },
  separately(work) {
    const [done, told] = [rows.length, after.length]
    try {
      work()
      return null
    } catch (error) {
      backTo(done)
      after.length = told
      return error ?? new Error('failed for no reason')
    }
  },
}

const forget = (): void => {
  rows.length = columns.length = values.length = after.length = 0
}

const open: Transaction = {
  tx,
  hasChanged: () => rows.length > 0,
  commit() {
    const told = after.splice(0)
    forget()
    for (const run of told) run()
  },
  undo() {
    backTo(0)
    forget()
  },
}

/** Begin one. The last one is over. */
export const transaction = (): Transaction => open
