// Outside / memory: a file store that lives as long as the process. For tests and rehearsals.
import { checkKey } from './key.ts'
import type { FileStore } from './port.ts'

export function memoryFiles(): FileStore {
  const kept = new Map<string, Uint8Array>()
  return {
    put: async (key, bytes) => void kept.set(checkKey(key), bytes.slice()),
    get: async (key) => kept.get(checkKey(key))?.slice() ?? null,
    delete: async (key) => void kept.delete(checkKey(key)),
  }
}
