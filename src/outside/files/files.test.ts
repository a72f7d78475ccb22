import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { folderFiles } from './folder.ts'
import { memoryFiles } from './memory.ts'
import type { FileStore } from './port.ts'
import { masterKey, newBox, openBox } from './vault.ts'

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'files-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const stores: [string, () => Promise<FileStore>][] = [
  ['a folder', async () => folderFiles(join(await aFolder(), 'made', 'later'))],
  ['memory', async () => memoryFiles()],
]
const bytes = (...values: number[]) => Uint8Array.of(...values)

test.for(stores)('%s gives back what was put, replaces and deletes', async ([, make]) => {
  const files = await make()
  expect(await files.get('recordings/a1')).toBeNull()
  await files.put('recordings/a1', bytes(1, 2, 3))
  await files.put('recordings/b2', bytes())
  expect(await files.get('recordings/a1')).toEqual(bytes(1, 2, 3))
  expect(await files.get('recordings/b2')).toEqual(bytes())
  await files.put('recordings/a1', bytes(9))
  expect(await files.get('recordings/a1')).toEqual(bytes(9))
  await files.delete('recordings/a1')
  await files.delete('recordings/a1')
  expect(await files.get('recordings/a1')).toBeNull()
})

test.for(stores)('%s refuses a key that could lead elsewhere', async ([, make]) => {
  const files = await make()
  for (const key of ['../a', '/etc/passwd', 'a/../b', 'a//b', 'A', 'a.wav', '', 'a/', 'a\u0000b', 'a\n']) {
    await expect(files.put(key, bytes(1)), key).rejects.toThrow()
    await expect(files.get(key), key).rejects.toThrow()
  }
})

test.for(stores)('%s is not changed by what its caller does to the bytes afterwards', async ([, make]) => {
  const files = await make()
  const mine = bytes(1, 2, 3)
  await files.put('a', mine)
  mine[0] = 9
  const got = (await files.get('a'))!
  expect(got[0]).toBe(1)
  got[0] = 7
  expect((await files.get('a'))![0]).toBe(1)
})

test('a folder shows a file only when it is whole, keeps no left-overs, and only its owner may read it', async () => {
  const folder = await aFolder()
  const files = folderFiles(folder)
  const large = new Uint8Array(2_000_000).fill(7)
  await Promise.all([
    files.put('x/a', large),
    files.put('x/a', large.slice(0, 1_000_000)),
    files.put('x/a', large),
  ])
  expect([1_000_000, 2_000_000]).toContain((await files.get('x/a'))!.length)
  expect(await readdir(join(folder, 'x'))).toEqual(['a'])
  expect((await stat(join(folder, 'x', 'a'))).mode & 0o077).toBe(0)
  // the place is taken by a folder: the writing fails, and nothing stays behind
  await files.put('y/b/c', bytes(1))
  await expect(files.put('y/b', bytes(1))).rejects.toThrow()
  expect(await readdir(join(folder, 'y'))).toEqual(['b'])
})

const master = masterKey('a secret of at least thirty-two characters')
const sound = new TextEncoder().encode('RIFF this is what grandmother said WAVE'.repeat(10))

test('what was sealed opens again, for the same secret, the same box and the same part only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.uuid(), (bytesIn, id) => {
      const { box, wrappedKey } = newBox(master, id)
      const sealed = box.seal('master', bytesIn)
      expect(openBox(master, wrappedKey, id)!.open('master', sealed)).toEqual(bytesIn)
      expect(openBox(master, wrappedKey, id)!.open('telephone', sealed)).toBeNull()
      expect(openBox(master, wrappedKey, `${id}x`)).toBeNull()
      expect(openBox(masterKey('another secret of thirty-two characters'), wrappedKey, id)).toBeNull()
      expect(newBox(master, id).box.open('master', sealed)).toBeNull()
    }),
  )
})

test('one bit changed, one byte cut or added, anywhere, and it does not open', () => {
  const { box, wrappedKey } = newBox(master, 'a')
  const sealed = box.seal('master', sound)
  const opens = {
    sealed: (altered: Uint8Array) => box.open('master', altered),
    key: (altered: Uint8Array) => openBox(master, altered, 'a'),
  }
  const originals = { sealed, key: wrappedKey }
  fc.assert(
    fc.property(
      fc.constantFrom('sealed' as const, 'key' as const),
      fc.nat(),
      fc.nat(7),
      (what, place, bit) => {
        const altered = originals[what].slice()
        altered[place % altered.length]! ^= 1 << bit
        expect(opens[what](altered)).toBeNull()
      },
    ),
    { numRuns: 1000 },
  )
  for (const what of ['sealed', 'key'] as const) {
    const original = originals[what]
    for (let length = 0; length < original.length; length++)
      expect(opens[what](original.subarray(0, length))).toBeNull()
    expect(opens[what](new Uint8Array([...original, 0]))).toBeNull()
  }
})

test('the same sound never looks the same, not even in one box', () => {
  const { box } = newBox(master, 'a')
  expect(box.seal('master', sound)).not.toEqual(box.seal('master', sound))
})

test('with its key destroyed a file cannot be read, and it never held the sound in the clear', async () => {
  const folder = await aFolder()
  const files = folderFiles(folder)
  await files.put('recordings/a', newBox(master, 'a').box.seal('master', sound))
  const onDisk = await readFile(join(folder, 'recordings', 'a'))
  expect(onDisk.includes('grandmother')).toBe(false)
  expect(openBox(master, new Uint8Array(0), 'a')).toBeNull()
  expect(openBox(master, new Uint8Array(61), 'a')).toBeNull()
})
