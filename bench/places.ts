// Bench / places: where things lie, seen from the built bench, which lies beside the built product.
import { fileURLToPath } from 'node:url'

export const inDist = (...path: string[]): string => fileURLToPath(new URL(path.join('/'), import.meta.url))

export const inRoot = (...path: string[]): string => inDist('..', ...path)
