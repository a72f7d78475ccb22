import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { folderFiles } from './folder.ts'
import { memoryFiles } from './memory.ts'
import type { FileStore } from './port.ts'
import { masterKey, open, seal } from './vault.ts'

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

test('what was sealed opens again, for the same secret and the same thing only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.uuid(), (sound, id) => {
      const box = seal(master, sound, id)
      expect(open(master, box, id)).toEqual(sound)
      expect(open(master, box, `${id}x`)).toBeNull()
      expect(open(masterKey('another secret of thirty-two characters'), box, id)).toBeNull()
    }),
  )
})

test('one bit changed, one byte cut or added, anywhere, and it does not open', () => {
  const sound = new Uint8Array(300).fill(5)
  const box = seal(master, sound, 'a')
  fc.assert(
    fc.property(
      fc.constantFrom('sealed' as const, 'wrappedKey' as const),
      fc.nat(),
      fc.nat(7),
      (part, place, bit) => {
        const altered = box[part].slice()
        altered[place % altered.length]! ^= 1 << bit
        expect(open(master, { ...box, [part]: altered }, 'a')).toBeNull()
      },
    ),
    { numRuns: 1000 },
  )
  for (const part of ['sealed', 'wrappedKey'] as const) {
    for (let length = 0; length < box[part].length; length++) {
      expect(open(master, { ...box, [part]: box[part].subarray(0, length) }, 'a')).toBeNull()
    }
    expect(open(master, { ...box, [part]: Buffer.concat([box[part], bytes(0)]) }, 'a')).toBeNull()
  }
})

test('the parts of two files cannot be exchanged, and the same sound never looks the same', () => {
  const sound = new Uint8Array(300).fill(5)
  const one = seal(master, sound, 'a')
  const two = seal(master, sound, 'a')
  expect(one.sealed).not.toEqual(two.sealed)
  expect(open(master, { sealed: one.sealed, wrappedKey: two.wrappedKey }, 'a')).toBeNull()
  expect(open(master, { sealed: one.wrappedKey, wrappedKey: one.sealed }, 'a')).toBeNull()
})

test('with its key destroyed a file cannot be read, and it never held the sound in the clear', async () => {
  const folder = await aFolder()
  const files = folderFiles(folder)
  const sound = new TextEncoder().encode('RIFF this is what grandmother said WAVE'.repeat(50))
  const box = seal(master, sound, 'a')
  await files.put('recordings/a', box.sealed)
  const onDisk = await readFile(join(folder, 'recordings', 'a'))
  expect(onDisk.includes('grandmother')).toBe(false)
  expect(open(master, { sealed: new Uint8Array(onDisk), wrappedKey: new Uint8Array(0) }, 'a')).toBeNull()
  expect(open(master, { sealed: new Uint8Array(onDisk), wrappedKey: new Uint8Array(61) }, 'a')).toBeNull()
})
