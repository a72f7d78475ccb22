// Where the published descriptions are that contract tests hold us to: CONTRACTS_DIR, by default beside this repository.
// A test whose file is not there says NOT RUN.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function contractFile(name: string): string {
  const beside = fileURLToPath(new URL('../../../shared/contracts', import.meta.url))
  return join(process.env.CONTRACTS_DIR ?? beside, name)
}
