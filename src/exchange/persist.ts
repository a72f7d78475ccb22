// Exchange / persist: what a laptop's exchange remembers over a restart: one file of JSON lines, the last line about a thing being
// the one that counts, and recordings beside it. Every line is written before the call goes on, so that a killed process loses
// nothing. Without a folder nothing is written (rehearsals, tests). Called by all parts; read by restore.ts at the start.
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

export type Kind =
  | 'start'
  | 'call'
  | 'ring'
  | 'text'
  | 'text sent'
  | 'text in'
  | 'recording'
  | 'opt-out'
  | 'mode'

export interface Store {
  save(kind: Kind, id: string, value: unknown): void
  /** Everything saved before, in the order in which each thing first came, with its last value. */
  saved<T>(kind: Kind): [id: string, value: T][]
  keepFile(name: string, bytes: Uint8Array): void
  readFile(name: string): Uint8Array | null
  dropFile(name: string): void
  close(): void
}

/** Nothing outlives the process. */
export function memoryStore(): Store {
  const files = new Map<string, Uint8Array>()
  return {
    save() {},
    saved: () => [],
    keepFile: (name, bytes) => void files.set(name, bytes),
    readFile: (name) => files.get(name) ?? null,
    dropFile: (name) => void files.delete(name),
    close() {},
  }
}

interface Line {
  kind: Kind
  id: string
  value: unknown
}

/** @param folder made if it is not there */
export function fileStore(folder: string): Store {
  const recordings = join(folder, 'recordings')
  mkdirSync(recordings, { recursive: true })
  const path = join(folder, 'exchange.jsonl')
  const before = latest(readLines(path))
  compact(path, before)
  const file = openSync(path, 'a')
  let closed = false
  const pathOf = (name: string) => join(recordings, `${name.replaceAll(/[^A-Za-z0-9]/g, '')}.wav`)
  return {
    save(kind, id, value) {
      // what a webhook under way brings after the end counts as not come: the next start asks again
      if (!closed) writeSync(file, `${JSON.stringify({ kind, id, value } satisfies Line)}\n`)
    },
    saved: <T>(kind: Kind) =>
      [...before.values()]
        .filter((line) => line.kind === kind)
        .map((line): [string, T] => [line.id, line.value as T]),
    keepFile: (name, bytes) => writeFileSync(pathOf(name), bytes),
    readFile: (name) => {
      try {
        return readFileSync(pathOf(name))
      } catch {
        return null
      }
    },
    dropFile: (name) => rmSync(pathOf(name), { force: true }),
    close() {
      if (!closed) closeSync(file)
      closed = true
    },
  }
}

/** A kill can cut the last line short: what cannot be read is left out. */
function readLines(path: string): Line[] {
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Line]
    } catch {
      return []
    }
  })
}

/** The last line about each thing, in the order in which the things first came. A value of null means the thing is gone. */
function latest(lines: readonly Line[]): Map<string, Line> {
  const found = new Map<string, Line>()
  for (const line of lines) found.set(`${line.kind} ${line.id}`, line)
  for (const [key, line] of found) if (line.value === null) found.delete(key)
  return found
}

/** Write the file anew with one line for each thing, whole or not at all. */
function compact(path: string, lines: ReadonlyMap<string, Line>): void {
  const whole = [...lines.values()].map((line) => `${JSON.stringify(line)}\n`).join('')
  writeFileSync(`${path}.new`, whole)
  renameSync(`${path}.new`, path)
}
