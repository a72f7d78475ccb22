// Backup / digest: what proves that two tables hold the same rows, and two files the same bytes. A table's digest does not depend on
// the order of its rows, which PostgreSQL promises to nobody. Pure; called by make.ts and restore.ts.
import { createHash, hash } from 'node:crypto'
import { Transform } from 'node:stream'

/** What a table holds: how many rows, and the sum of their hashes (four sums of 64 bits, as 64 hexadecimal digits). */
export interface Held {
  readonly rows: number
  readonly digest: string
}

const newline = 0x0a

/** Takes in the text of COPY, in pieces of any size: each row ends with a line feed, and no row holds one (PostgreSQL manual, COPY, "Text Format"). */
export function rowDigest(): { take(bytes: Buffer): void; held(): Held } {
  const sums = new BigUint64Array(4)
  let rows = 0
  let begun: Buffer[] = []

  function count(row: Buffer): void {
    const hashed = hash('sha256', row, 'buffer')
    for (let lane = 0; lane < 4; lane++) sums[lane]! += hashed.readBigUInt64BE(lane * 8)
    rows++
  }

  return {
    take(bytes) {
      let from = 0
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, from)) {
        const rest = bytes.subarray(from, end)
        count(begun.length > 0 ? Buffer.concat([...begun, rest]) : rest)
        begun = []
        from = end + 1
      }
      if (from < bytes.length) begun.push(bytes.subarray(from))
    },
    held() {
      if (begun.length > 0) throw new Error('a row was cut off')
      return { rows, digest: [...sums].map((sum) => sum.toString(16).padStart(16, '0')).join('') }
    },
  }
}

/** Passes rows on and counts them. `held` is known at the end. */
export function countingRows(): Transform & { held(): Held } {
  const { take, held } = rowDigest()
  const stream = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      take(bytes)
      done(null, bytes)
    },
  })
  return Object.assign(stream, { held })
}

/** Passes bytes on. `checksum` (SHA-256, as `sha256sum` prints it) and `bytes` are known at the end. */
export function countingBytes(): Transform & { checksum(): string; bytes(): number } {
  const sum = createHash('sha256')
  let size = 0
  const stream = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      sum.update(bytes)
      size += bytes.length
      done(null, bytes)
    },
  })
  return Object.assign(stream, { checksum: () => sum.digest('hex'), bytes: () => size })
}
