// Web / assets: the built styles, scripts and fonts, by their plain names. Reads dist/assets/manifest.json once at the
// start; each file is compressed on first use and kept. Called by app.ts, which gives the result to createWeb.
import { existsSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Context } from 'hono'

export interface Assets {
  /** The address of an asset by its plain name: "app.css" → "/assets/app-1f3c.css". Throws for a name that was not built. */
  url(name: string): string
  /** True when an asset of that name was built. */
  has(name: string): boolean
  /** Answers GET /assets/FILE: cached for a year, because a changed file has another name. */
  serve(c: Context): Response
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
}

const compressible = new Set(['.css', '.js', '.svg'])

interface Stored {
  type: string
  plain: Uint8Array<ArrayBuffer>
  br?: Uint8Array<ArrayBuffer>
  gzip?: Uint8Array<ArrayBuffer>
}

/**
 * @param folder holds manifest.json, `{ "app.css": "app-1f3c.css", … }`, and the files it names
 * @throws Error when the manifest is missing: the build has not run
 */
export function loadAssets(folder: string): Assets {
  const manifestPath = join(folder, 'manifest.json')
  if (!existsSync(manifestPath)) throw new Error(`no built assets in ${folder}: run "npm run build"`)
  const manifest = new Map(
    Object.entries(JSON.parse(readFileSync(manifestPath, 'utf8')) as Record<string, string>),
  )
  const served = new Set(manifest.values())
  const kept = new Map<string, Stored>()

  const read = (file: string): Stored => {
    const known = kept.get(file)
    if (known) return known
    const stored = {
      type: types[extname(file)] ?? 'application/octet-stream',
      plain: new Uint8Array(readFileSync(join(folder, file))),
    }
    kept.set(file, stored)
    return stored
  }

  return {
    url(name) {
      const file = manifest.get(name)
      if (!file) throw new Error(`there is no asset ${name}`)
      return `/assets/${file}`
    },
    has: (name) => manifest.has(name),
    serve(c) {
      const file = basename(c.req.path)
      // Only files of the manifest: the folder's other files, and everything outside it, do not exist.
      if (!served.has(file)) return c.notFound() as Response
      const stored = read(file)
      const headers: Record<string, string> = {
        'Content-Type': stored.type,
        'Cache-Control': 'public, max-age=31536000, immutable',
      }
      if (!compressible.has(extname(file))) return new Response(stored.plain, { headers })
      const { body, encoding } = encoded(stored, c.req.header('accept-encoding') ?? '')
      headers.Vary = 'Accept-Encoding'
      if (encoding) headers['Content-Encoding'] = encoding
      return new Response(body, { headers })
    },
  }
}

function encoded(
  stored: Stored,
  accepted: string,
): { body: Uint8Array<ArrayBuffer>; encoding: string | null } {
  if (accepts(accepted, 'br')) {
    stored.br ??= new Uint8Array(
      brotliCompressSync(stored.plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    )
    return { body: stored.br, encoding: 'br' }
  }
  if (accepts(accepted, 'gzip')) {
    stored.gzip ??= new Uint8Array(gzipSync(stored.plain, { level: 9 }))
    return { body: stored.gzip, encoding: 'gzip' }
  }
  return { body: stored.plain, encoding: null }
}

/** Does an Accept-Encoding header name this coding without refusing it (`q=0`)? RFC 9110 §12.5.3. */
export function accepts(header: string, coding: string): boolean {
  return header.split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    return name === coding && !parameters.some((p) => /^q=0(\.0*)?$/.test(p))
  })
}
