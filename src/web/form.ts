// Web / form: what was typed and chosen in a form, cleaned; and the promise that one rendering of a form acts once.
// Called by the pages of every room.
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { cleanLine, cleanLines, lengthOf } from '../kit/typed-text.ts'
import { redirect303 } from './answer.ts'
import type { WebEnv } from './env.ts'
import type { Errors, FieldError } from './forms.tsx'
import { tooLong } from './words.ts'

export interface Upload {
  /** As the browser says: for display only, cleaned. */
  filename: string
  /** As the browser says: never trusted. */
  type: string
  bytes: Uint8Array
}

export interface SubmittedForm {
  /** What was typed: trimmed, on one line, without control and invisible characters. '' when it was not sent. */
  text(name: string): string
  /** All values of one name, as checkboxes send them. */
  all(name: string): readonly string[]
  /** A file that was chosen and is not empty. */
  file(name: string): Upload | null
  /** True when a field of that name was sent at all, as the name of a pressed button is. */
  has(name: string): boolean
  /** Everything typed, to show it again. The first value of each name. */
  readonly values: Readonly<Record<string, string>>
  /** Fields that hold more than they may. Put them first among the page's own errors. */
  readonly errors: Errors
  /** The id of this rendering of the form (`<Form once>`), a UUID, or null. A room may use it as the id of what it makes. */
  readonly id: string | null
}

export interface FormLimits {
  /** Characters at most, by field. Others: 200 on one line, 2,000 on several. */
  max?: Readonly<Record<string, number>>
  /** Fields that may hold several lines. */
  lines?: readonly string[]
}

const lineMost = 200
const linesMost = 2_000

/**
 * Read a submitted form.
 * @throws HTTPException 422 when the body cannot be read as a form
 */
export async function readForm(c: Context, limits: FormLimits = {}): Promise<SubmittedForm> {
  const texts = new Map<string, string[]>()
  const files = new Map<string, Upload>()
  const errors: FieldError[] = []
  for (const [name, values] of Object.entries(await body(c))) {
    for (const value of [values].flat()) {
      if (value instanceof File) {
        if (value.size > 0) files.set(name, await upload(value))
      } else {
        texts.set(name, [...(texts.get(name) ?? []), clean(name, value, limits)])
      }
    }
    const error = overlong(name, texts.get(name) ?? [], limits)
    if (error) errors.push(error)
  }
  const id = texts.get('formId')?.[0] ?? ''
  return {
    text: (name) => texts.get(name)?.[0] ?? '',
    all: (name) => texts.get(name) ?? [],
    file: (name) => files.get(name) ?? null,
    has: (name) => texts.has(name) || files.has(name),
    values: Object.fromEntries([...texts].map(([name, values]) => [name, values[0] ?? ''])),
    errors,
    id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : null,
  }
}

async function body(c: Context): Promise<Record<string, string | File | (string | File)[]>> {
  try {
    return await c.req.parseBody({ all: true })
  } catch {
    throw new HTTPException(422, { message: 'not a form' })
  }
}

const upload = async (file: File): Promise<Upload> => ({
  filename: cleanLine(file.name).slice(0, 100),
  type: file.type,
  bytes: new Uint8Array(await file.arrayBuffer()),
})

const clean = (name: string, value: string, limits: FormLimits) =>
  limits.lines?.includes(name) ? cleanLines(value) : cleanLine(value)

function overlong(name: string, values: readonly string[], limits: FormLimits): FieldError | null {
  const most = limits.max?.[name] ?? (limits.lines?.includes(name) ? linesMost : lineMost)
  const longest = Math.max(0, ...values.map(lengthOf))
  return longest > most ? { field: name, text: tooLong(most, longest) } : null
}

/** What the pressed button of each rendering of a form led to, so that a second press leads there too. */
export interface OnceMemory {
  get(key: string): Promise<string> | undefined
  set(key: string, location: Promise<string>): void
  delete(key: string): void
}

/** Remembers the last `most` forms of this process. */
export function onceMemory(most = 2_000): OnceMemory {
  const known = new Map<string, Promise<string>>()
  return {
    get: (key) => known.get(key),
    set(key, location) {
      known.set(key, location)
      const oldest = known.keys().next()
      if (known.size > most && !oldest.done) known.delete(oldest.value)
    },
    delete: (key) => void known.delete(key),
  }
}

/**
 * Do `work` once for one rendering of a form, however often its button is pressed, and redirect (303) to the address that it
 * returns. Check the form before, show its errors yourself. When `work` throws, the form may be sent again.
 * It covers one process: where a second node must not act either, make the row with `form.id` as its id.
 */
export async function onlyOnce(
  c: Context<WebEnv>,
  form: SubmittedForm,
  work: () => Promise<string>,
): Promise<Response> {
  if (!form.id) return redirect303(c, await work())
  const memory = c.get('web').once
  const key = `${c.req.path} ${form.id}`
  const known = memory.get(key)
  if (known) return redirect303(c, await known)
  const location = work()
  memory.set(key, location)
  try {
    return redirect303(c, await location)
  } catch (error) {
    memory.delete(key)
    throw error
  }
}
