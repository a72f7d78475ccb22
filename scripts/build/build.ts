// Builds what `npm start` runs, into dist/: the server and the rehearsal (esbuild), the scripts of pages, the styles
// (Sass), fonts and pictures under names that change with their content, the migrations, and a list of all those names.
// Steps whose inputs are as they were are left out. Run as its own process, so that the server does not carry the tools:
// `node scripts/build/build.ts`
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { type BuiltSteps, dist, inRoot, readBuilt, type Step, staleSteps, steps } from './fresh.ts'

/** Of 2021. For older ones the pages work without scripts. */
const browsers = ['chrome90', 'firefox90', 'safari15', 'edge90']
const oldestNode = 'node22.18'
/**
 * Packages that go into the built files: modern modules of many small files, which load several times as fast as one.
 * The others are left to Node: they are old modules, or find files of their own beside them.
 */
const inside = new Set([
  '@hono/node-server',
  'better-auth',
  'hono',
  'kysely',
  'preact',
  'preact-render-to-string',
  'temporal-polyfill',
  'uuid',
  'zod',
])
const assetFolder = join(dist, 'assets')

type Assets = Record<string, string>

const run: Record<Step, () => Promise<Assets>> = {
  look: buildLook,
  islands: buildIslands,
  server: buildServer,
}

const stale = staleSteps()
const built: BuiltSteps = readBuilt()
await mkdir(assetFolder, { recursive: true })
try {
  for (const step of steps) await buildIfStale(step)
} catch (error) {
  // esbuild has said what is wrong and where
  if (!(error instanceof Error) || !('errors' in error))
    console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

async function buildIfStale(step: Step): Promise<void> {
  const from = stale.get(step)
  if (from === undefined) return
  built[step] = { from, assets: await run[step]() }
  await write(join(dist, 'built.json'), JSON.stringify(built, null, 2))
  await writeManifest()
}

async function buildLook(): Promise<Assets> {
  const [{ compile }, esbuild] = await Promise.all([import('sass'), import('esbuild')])
  const assets: Assets = {}
  for (const file of [...(await fonts()), ...(await pictures())])
    Object.assign(assets, await keep(basename(file), await readFile(file)))
  const sheets: Assets = {}
  for (const file of await styleSheets()) {
    const { css } = compile(file, {
      loadPaths: [inRoot('node_modules')],
      style: 'compressed',
      quietDeps: true,
    })
    const { code } = await esbuild.transform(css, {
      loader: 'css',
      minify: true,
      target: browsers,
      legalComments: 'none',
    })
    const name = basename(file).replace(/\.scss$/, '.css')
    Object.assign(sheets, await keep(name, Buffer.from(withHashedAddresses(code, assets))))
  }
  return { ...assets, ...sheets }
}

/** app.scss for every page, and those of single pages; parts of them begin with an underscore. */
async function styleSheets(): Promise<string[]> {
  const folder = inRoot('src', 'web', 'styles')
  const names = (await readdir(folder)).filter((name) => /^[^_].*\.scss$/.test(name))
  return names.map((name) => join(folder, name))
}

/** The letters of western and central Europe, in the two weights that are used; the styles name the files. */
async function fonts(): Promise<string[]> {
  const names = ['latin-400', 'latin-700', 'latin-ext-400', 'latin-ext-700']
  return names.map((name) =>
    inRoot('node_modules', '@fontsource', 'lexend', 'files', `lexend-${name}-normal.woff2`),
  )
}

/** Whatever lies in src/web/static. */
async function pictures(): Promise<string[]> {
  const folder = inRoot('src', 'web', 'static')
  return existsSync(folder) ? (await readdir(folder)).map((name) => join(folder, name)) : []
}

/** Styles name files plainly; all assets lie in one folder, so the new name alone is the address. */
function withHashedAddresses(css: string, assets: Assets): string {
  return css.replaceAll(/url\((["']?)(?!data:|#)([^)"']+)\1\)/g, (_, _quote, address: string) => {
    const file = assets[basename(address)]
    if (!file)
      throw new Error(
        `src/web/styles asks for ${address}, which is neither a font of the build nor in src/web/static`,
      )
    return `url(${file})`
  })
}

async function buildIslands(): Promise<Assets> {
  const esbuild = await import('esbuild')
  const { metafile } = await esbuild.build({
    entryPoints: await islands(),
    outdir: assetFolder,
    entryNames: '[name]-[hash]',
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: browsers,
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  const assets: Assets = {}
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) assets[basename(entryPoint).replace(/\.ts$/, '.js')] = basename(file)
  }
  return assets
}

async function buildServer(): Promise<Assets> {
  const esbuild = await import('esbuild')
  await esbuild.build({
    entryPoints: {
      main: inRoot('src', 'main.ts'),
      rehearse: inRoot('src', 'rehearsal', 'main.ts'),
      example: inRoot('src', 'example', 'main.ts'),
      backup: inRoot('src', 'backup', 'main.ts'),
    },
    outdir: dist,
    bundle: true,
    external: await outside(),
    platform: 'node',
    format: 'esm',
    target: oldestNode,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  })
  await rm(join(dist, 'migrations'), { recursive: true, force: true })
  await cp(inRoot('src', 'db', 'migrations'), join(dist, 'migrations'), { recursive: true })
  return {}
}

async function outside(): Promise<string[]> {
  const { dependencies } = JSON.parse(await readFile(inRoot('package.json'), 'utf8')) as {
    dependencies: object
  }
  return Object.keys(dependencies)
    .filter((name) => !inside.has(name))
    .flatMap((name) => [name, `${name}/*`])
}

async function islands(): Promise<string[]> {
  const folder = inRoot('src', 'web', 'islands')
  const names = existsSync(folder) ? await readdir(folder) : []
  return names
    .filter((name) => name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name))
    .map((name) => join(folder, name))
}

/** Writes an asset under a name of its content's own. */
async function keep(name: string, bytes: Uint8Array): Promise<Assets> {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
  const file = `${basename(name, extname(name))}-${hash}${extname(name)}`
  await write(join(assetFolder, file), bytes)
  return { [name]: file }
}

/** Whole or not at all: a server may be reading. */
async function write(path: string, content: string | Uint8Array): Promise<void> {
  const half = `${path}.${process.pid}`
  await writeFile(half, content)
  await rename(half, path)
}

/** Plain name → file name, for whoever serves them. */
function writeManifest(): Promise<void> {
  return write(
    join(assetFolder, 'manifest.json'),
    JSON.stringify({ ...built.look?.assets, ...built.islands?.assets }, null, 2),
  )
}
