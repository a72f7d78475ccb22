// Outside / file key: what a file may be called, the same for every store. Pure.

/**
 * @returns the key itself
 * @throws Error for anything but `a-z0-9-` in parts joined by `/`: a key is made by us, so a strange one is a bug
 */
export function checkKey(key: string): string {
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(key)) throw new Error('a file key may hold only a-z, 0-9, - and /')
  return key
}
