// Bench / visit: what the home page makes a browser fetch, compressed, from the build's own list.
import { readFile } from 'node:fs/promises'
import { brotliCompressSync } from 'node:zlib'
import { inDist } from '../places.ts'
import { type Row, said } from '../row.ts'

const look = ['app.css', 'lexend-latin-400-normal.woff2', 'lexend-latin-700-normal.woff2']

export const visit: Row = {
  name: 'visit',
  once: true,
  async measure() {
    const manifest = JSON.parse(await readFile(inDist('assets', 'manifest.json'), 'utf8')) as Record<
      string,
      string
    >
    const names = [...look, ...Object.keys(manifest).filter((name) => name.endsWith('.js'))]
    const sizes = names.map(async (name) => [name, await weigh(manifest[name]!)] as const)
    return Object.fromEntries(await Promise.all(sizes))
  },
  judge: (sizes) => {
    const inKb = (bytes: number) => (bytes / 1024).toFixed(1)
    const scripts = Object.entries(sizes).filter(([name]) => name.endsWith('.js'))
    return [
      said('styles and fonts', `${inKb(look.reduce((sum, name) => sum + sizes[name]!, 0))} KB`),
      said('each script in KB', scripts.map(([name, size]) => `${name} ${inKb(size)}`).join(', ')),
    ]
  },
}

async function weigh(file: string): Promise<number> {
  const bytes = await readFile(inDist('assets', file))
  return file.endsWith('.woff2') ? bytes.length : brotliCompressSync(bytes).length
}
