// Outside / vault: encrypts what is put into a file store. Every file has a key of its own; that key lies in the database,
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

export interface Sealed {
  sealed: Uint8Array
  wrappedKey: Uint8Array
}

/** The key that wraps all others, from the application's SECRET (HKDF-SHA-256, RFC 5869). Each purpose has its own. */
export function masterKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'callassist vault 1', keyBytes))
}

/**
 * Encrypt under a fresh key.
 * @param about what this is, e.g. the recording's id: only the same `about` opens it, so that files cannot be swapped
 */
export function seal(master: Uint8Array, bytes: Uint8Array, about: string): Sealed {
  const key = randomBytes(keyBytes)
  return { sealed: encrypt(key, bytes, `file ${about}`), wrappedKey: encrypt(master, key, `key ${about}`) }
}

/** @returns null when anything was altered, swapped, cut or erased, or when the master key is another one */
export function open(master: Uint8Array, { sealed, wrappedKey }: Sealed, about: string): Uint8Array | null {
  const key = decrypt(master, wrappedKey, `key ${about}`)
  return key && decrypt(key, sealed, `file ${about}`)
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
