// Simulation / natively: loads a module of this folder, and all that it imports, by Node itself instead of by the test runner, whose
// detours make every reference between modules several times slower. With a `change` the modules are loaded anew, that one with the
// change in its source: a mutant. Called by days.test.ts.
import { existsSync, readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

export interface Change {
  /** from this folder */
  file: string
  /** what stands there exactly once, and what stands there instead; in turn */
  swaps: readonly (readonly [from: string, to: string])[]
}

const { load } = (await import(
  `data:text/javascript,${encodeURIComponent('export const load = (url) => import(url)')}`
)) as { load: (url: string) => Promise<unknown> }

const changes: { url: string; change: Change }[] = []
const mark = /\?mutant=(\d+)$/

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const mutant = context.parentURL && mark.exec(context.parentURL)
    // whatever a mutant imports belongs to it, but for packages
    const isOurs = resolved.url.startsWith('file:') && !resolved.url.includes('/node_modules/')
    return mutant && isOurs && !mark.test(resolved.url)
      ? { ...resolved, url: resolved.url + mutant[0] }
      : resolved
  },
  load(url, context, next) {
    const mutant = mark.exec(url)
    if (!mutant) return next(url, context)
    const { url: changed, change } = changes[Number(mutant[1])]!
    const plain = url.replace(mark, '')
    const source = readFileSync(fileURLToPath(plain), 'utf8')
    if (plain !== changed) return module_(source)
    return module_(change.swaps.reduce((text, [from, to]) => swapped(change.file, text, from, to), source))
  },
})

function swapped(file: string, source: string, from: string, to: string): string {
  if (source.split(from).length !== 2)
    throw new Error(`what is to be changed stands in ${file} not exactly once: ${from}`)
  return source.replace(from, () => to)
}

const module_ = (source: string) =>
  ({ format: 'module', shortCircuit: true, source: stripTypeScriptTypes(source) }) as const

/** @param file from this folder, with `./` */
export async function natively<M>(file: string, change?: Change): Promise<M> {
  const { href } = new URL(file, import.meta.url)
  if (!change) return (await load(href)) as M
  const { href: url } = new URL(change.file, import.meta.url)
  if (!existsSync(fileURLToPath(url))) throw new Error(`there is no ${change.file}`)
  changes.push({ url, change })
  return (await load(`${href}?mutant=${changes.length - 1}`)) as M
}
