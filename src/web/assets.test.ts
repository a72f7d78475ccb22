import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { afterAll, expect, test } from 'vitest'
import { accepts, loadAssets } from './assets.ts'

const folder = mkdtempSync(join(tmpdir(), 'callassist-assets-'))
const css = 'body { color: purple }\n'.repeat(100)
writeFileSync(
  join(folder, 'manifest.json'),
  JSON.stringify({ 'app.css': 'app-1f3c.css', 'lexend.woff2': 'lexend-77aa.woff2' }),
)
writeFileSync(join(folder, 'app-1f3c.css'), css)
writeFileSync(join(folder, 'lexend-77aa.woff2'), 'font')
writeFileSync(join(folder, 'app-old.css'), 'left behind')
afterAll(() => rmSync(folder, { recursive: true }))

const assets = loadAssets(folder)
const app = new Hono().get('/assets/:file', (c) => assets.serve(c))
const get = (path: string, encoding = '') => app.request(path, { headers: { 'accept-encoding': encoding } })

test('an asset is addressed by its plain name, and one that was not built is a bug', () => {
  expect(assets.url('app.css')).toBe('/assets/app-1f3c.css')
  expect(assets.has('chat.js')).toBe(false)
  expect(() => assets.url('chat.js')).toThrow('chat.js')
  expect(() => loadAssets(join(folder, 'nowhere'))).toThrow('npm run build')
})

test('an asset is kept for a year and compressed as the browser likes', async () => {
  const plain = await get('/assets/app-1f3c.css')
  expect(await plain.text()).toBe(css)
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(plain.headers.get('content-type')).toBe('text/css; charset=utf-8')
  const br = await get('/assets/app-1f3c.css', 'gzip, br')
  expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe(css)
  expect(br.headers.get('vary')).toBe('Accept-Encoding')
  const gzip = await get('/assets/app-1f3c.css', 'gzip')
  expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe(css)
})

test('a font is not compressed again', async () => {
  expect((await get('/assets/lexend-77aa.woff2', 'br')).headers.get('content-encoding')).toBeNull()
})

test.each([
  '/assets/manifest.json',
  '/assets/app-old.css',
  '/assets/app.css',
  '/assets/..%2f..%2fetc%2fpasswd',
])('%s does not exist', async (path) => {
  expect((await get(path)).status).toBe(404)
})

test.each([
  ['gzip, deflate, br', true],
  ['br;q=1.0', true],
  ['BR', true],
  ['br;q=0', false],
  ['br; q=0.000', false],
  ['brotli', false],
  ['', false],
])('Accept-Encoding "%s" takes brotli: %s', (header, taken) => {
  expect(accepts(header, 'br')).toBe(taken)
})
