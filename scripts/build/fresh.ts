// What has been built, from what, and whether that is still so. Reads a megabyte and no more, because every start asks.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
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

export async function readBuilt(): Promise<BuiltSteps> {
  const text = await readFile(join(dist, 'built.json'), 'utf8').catch(() => '{}')
  return JSON.parse(text) as BuiltSteps
}

/** The steps that must run, with the hash of their inputs. */
export async function staleSteps(): Promise<Map<Step, string>> {
  const built = await readBuilt()
  const stale = new Map<Step, string>()
  for (const step of steps) {
    const from = await hashOf(step)
    if (built[step]?.from !== from || !isWhole(built[step])) stale.set(step, from)
  }
  return stale
}

function isWhole(built: Built): boolean {
  const files = Object.values(built.assets).map((file) => join(dist, 'assets', file))
  return [join(dist, 'assets', 'manifest.json'), ...files].every((file) => existsSync(file))
}

const inputs: Record<Step, (path: string) => boolean> = {
  look: (path) => /\.(scss|css|svg|png|ico|woff2|mp3|wav)$/.test(path),
  islands: (path) => /(?<!\.test)\.ts$/.test(path),
  server: (path) => /(?<!\.test)\.tsx?$|\.sql$/.test(path),
}

async function hashOf(step: Step): Promise<string> {
  const hash = createHash('sha256')
  const source = (await readdir(inRoot('src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && inputs[step](entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  const own = (await readdir(inRoot('scripts', 'build'))).map((name) => inRoot('scripts', 'build', name))
  const files = [inRoot('package-lock.json'), inRoot('tsconfig.json'), ...own, ...source].sort()
  const contents = await Promise.all(files.map((file) => readFile(file)))
  files.forEach((file, i) => {
    hash.update(`${relative(root, file)}\0${contents[i]!.length}\0`).update(contents[i]!)
  })
  return hash.digest('hex')
}
