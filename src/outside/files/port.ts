// Outside / files: where recordings lie. Contents are encrypted before they get here (outside/files/vault.ts).

export interface FileStore {
  /** Writes whole or not at all. Keys are `a-z0-9/-` only. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** Null when there is no such file. */
  get(key: string): Promise<Uint8Array | null>
  delete(key: string): Promise<void>
}
