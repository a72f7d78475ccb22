// Kit / log: structured lines on standard error. Fields are ids, codes, counts and durations; never a name, a number,
// an address, a token or a message's text.

export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Log {
  info(what: string, fields?: Fields): void
  warn(what: string, fields?: Fields): void
  error(what: string, error: unknown, fields?: Fields): void
}

/** @param now the application's clock, so that a rehearsal's log carries its own time */
export function jsonLog(now: () => Date, write: (line: string) => void): Log {
  const line = (level: string, what: string, fields: Fields) =>
    write(JSON.stringify({ at: now().toISOString(), level, what, ...fields }))
  return {
    info: (what, fields = {}) => line('info', what, fields),
    warn: (what, fields = {}) => line('warn', what, fields),
    error: (what, error, fields = {}) => line('error', what, { ...fields, ...describe(error) }),
  }
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** An error's kind and place, without its message's data: database messages can quote a row. */
function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = (error as { code?: unknown }).code
  return {
    error: error.name,
    code: typeof code === 'string' ? code : undefined,
    stack: (error.stack ?? '')
      .split('\n')
      .filter((l) => l.startsWith('    at '))
      .slice(0, 6)
      .join(' ')
      .replaceAll(/\s+/g, ' '),
  }
}
