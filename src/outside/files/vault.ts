// Outside / vault: encrypts what is put into a file store. Every recording has a key of its own; it lies in the database,
// wrapped by a master key made from SECRET. So files or database alone, or both without SECRET, say nothing; destroying the
// wrapped key erases the file wherever copies of it lie. Pure but for randomness. Called by messages/recordings.ts.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** AES-256-GCM with a random 96-bit nonce and a 128-bit tag (NIST SP 800-38D §5.2.1.1, §8.2.2). */
const cipher = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
/** The first byte of everything sealed, so that another way of sealing can follow. */
const version = 1

/** What can be locked and unlocked with one data key. */
export interface Box {
  /** @param part the file's name among those of this box, e.g. `master`: only the same part opens it, so files cannot be swapped */
  seal(part: string, bytes: Uint8Array): Uint8Array
  /** @returns null when the bytes were altered, cut, or sealed as another part or in another box */
  open(part: string, sealed: Uint8Array): Uint8Array | null
}

/** The key that wraps all others, from the application's SECRET (HKDF-SHA-256, RFC 5869). Each purpose has its own. */
export function masterKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'callassist vault 1', keyBytes))
}

/**
 * A box with a fresh key.
 * @param about what it holds, e.g. a recording's id; the wrapped key opens only for the same
 * @returns the box, and its key wrapped, to be stored elsewhere than the files
 */
export function newBox(master: Uint8Array, about: string): { box: Box; wrappedKey: Uint8Array } {
  const key = randomBytes(keyBytes)
  return { box: boxOf(key, about), wrappedKey: encrypt(master, key, `key ${about}`) }
}

/** @returns null when the wrapped key was altered, destroyed or is another one's, or the master key is not the one it was wrapped with */
export function openBox(master: Uint8Array, wrappedKey: Uint8Array, about: string): Box | null {
  const key = decrypt(master, wrappedKey, `key ${about}`)
  return key && boxOf(key, about)
}

function boxOf(key: Uint8Array, about: string): Box {
  return {
    seal: (part, bytes) => encrypt(key, bytes, `file ${about} ${part}`),
    open: (part, sealed) => decrypt(key, sealed, `file ${about} ${part}`),
  }
}

/** version, nonce, encrypted bytes, tag */
function encrypt(key: Uint8Array, bytes: Uint8Array, about: string): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const encryption = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(
    Buffer.from(about),
  )
  const body = Buffer.concat([encryption.update(bytes), encryption.final()])
  return new Uint8Array(Buffer.concat([Buffer.of(version), nonce, body, encryption.getAuthTag()]))
}

function decrypt(key: Uint8Array, bytes: Uint8Array, about: string): Uint8Array | null {
  const bodyAt = 1 + nonceBytes
  const tagAt = bytes.length - tagBytes
  if (tagAt < bodyAt || bytes[0] !== version) return null
  const decryption = createDecipheriv(cipher, key, bytes.subarray(1, bodyAt), { authTagLength: tagBytes })
    .setAAD(Buffer.from(about))
    .setAuthTag(bytes.subarray(tagAt))
  try {
    return new Uint8Array(
      Buffer.concat([decryption.update(bytes.subarray(bodyAt, tagAt)), decryption.final()]),
    )
  } catch {
    return null
  }
}
