// Backup / disk: files that are there whole, also when the power goes, and only for their owner. Called by make.ts and restore.ts.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { countingBytes } from './digest.ts'

/** A new file for its owner only, forced to the disk when the stream ends. */
export const newFile = (path: string) => createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true })

/** Its parents too. */
export const newFolder = (path: string) => mkdir(path, { recursive: true, mode: 0o700 })

/** @throws ENOENT when it is not there */
export async function checksumOf(path: string): Promise<{ checksum: string; bytes: number }> {
  const count = countingBytes()
  await pipeline(createReadStream(path), count, nowhere())
  return { checksum: count.checksum(), bytes: count.bytes() }
}

/** @returns the checksum of what was copied */
export async function copyFile(from: string, to: string): Promise<{ checksum: string; bytes: number }> {
  await newFolder(dirname(to))
  const count = countingBytes()
  await pipeline(createReadStream(from), count, newFile(to))
  return { checksum: count.checksum(), bytes: count.bytes() }
}

/** Every whole file below a folder, in order, with `/`; none when there is no folder. Those that are only being written are left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  return found
    .filter((entry) => entry.isFile() && !entry.name.includes('.'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}

export const nowhere = (): Writable => new Writable({ write: (_bytes, _encoding, done) => done() })
