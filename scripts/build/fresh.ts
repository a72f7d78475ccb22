// What has been built, from what, and whether that is still so. Reads a megabyte and no more, because every start asks.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const dist = join(root, 'dist')
export const inRoot = (...path: string[]) => join(root, ...path)

export type Step = 'look' | 'islands' | 'server'
export const steps: readonly Step[] = ['look', 'islands', 'server']

/** Kept in dist/built.json. */
export interface Built {
  /** hash of what it was made from */
  from: string
  /** plain name → file name in dist/assets */
  assets: Record<string, string>
}

export type BuiltSteps = Partial<Record<Step, Built>>

export function readBuilt(): BuiltSteps {
  const file = join(dist, 'built.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BuiltSteps) : {}
}

/** The steps that must run, with the hash of their inputs. */
export function staleSteps(): Map<Step, string> {
  const built = readBuilt()
  const sources = readSources()
  const stale = new Map<Step, string>()
  for (const step of steps) {
    const from = hashOf(sources.filter(({ path }) => concerns[step].test(path)))
    if (built[step]?.from !== from || !isWhole(built[step])) stale.set(step, from)
  }
  return stale
}

function isWhole(built: Built): boolean {
  const files = Object.values(built.assets).map((file) => join(dist, 'assets', file))
  return [join(dist, 'assets', 'manifest.json'), ...files].every((file) => existsSync(file))
}

/** How this is built concerns every step. */
const always = '^scripts/build/|^package-lock[.]json$|^tsconfig[.]json$'
const concerns: Record<Step, RegExp> = {
  look: new RegExp(`${always}|[.](?:scss|css|svg|png|ico|woff2|mp3|wav)$`),
  islands: new RegExp(`${always}|(?<![.]test)[.]ts$`),
  server: new RegExp(`${always}|(?<![.]test)[.]tsx?$|[.]sql$`),
}

interface Source {
  path: string
  bytes: Uint8Array
}

/** All at once and one after the other: for some hundred small files that is several times as fast as in parallel. */
function readSources(): Source[] {
  const found = ['src', 'scripts/build'].flatMap((folder) =>
    readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/[.]test[.]tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  )
  return ['package-lock.json', 'tsconfig.json', ...found]
    .sort()
    .map((path) => ({ path, bytes: readFileSync(inRoot(path)) }))
}

function hashOf(sources: readonly Source[]): string {
  const hash = createHash('sha256')
  for (const { path, bytes } of sources) hash.update(`${path}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}
