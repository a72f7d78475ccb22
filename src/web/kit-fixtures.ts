// Web / kit fixtures: test support. Reads govuk-frontend's official examples and says them in our props, as far as ours can.
// Called by fields.test.tsx alone.
import { readFileSync } from 'node:fs'
import type { Choice, Divider } from './fields.tsx'

export type Options = Record<string, unknown>
export type Text = { text?: string; html?: string; classes?: string; isPageHeading?: boolean }

/** The official examples of one component. Our fields have one name that is also their id, so the examples' names are made so. */
export function fixtures(component: string): { name: string; options: Options; html: string }[] {
  const path = new URL(import.meta.resolve('govuk-frontend/package.json'))
  const file = new URL(`dist/govuk/components/${component}/fixtures.json`, path)
  const examples = JSON.parse(readFileSync(file, 'utf8')).fixtures as ReturnType<typeof fixtures>
  return examples.map((example) => {
    const { id, name } = example.options
    return id && name
      ? { ...example, html: example.html.replaceAll(`name="${name}"`, `name="${id}"`) }
      : example
  })
}

const scriptHooks =
  /^(data-module|data-aria-controls|data-focus-errors|data-behaviour|data-prevent-double-click)$/

/** HTML as one token a line: attributes sorted, space collapsed, entities read, script hooks left out. */
export function normal(html: string): string {
  const tokens = html.replaceAll(/<!--.*?-->/gs, '').match(/<[^>]+>|[^<]+/g) ?? []
  return tokens.map(normalToken).filter(Boolean).join('\n')
}

function normalToken(token: string): string {
  if (!token.startsWith('<')) return readEntities(token).replaceAll(/\s+/g, ' ').trim()
  const name = /^<\/?[\w-]+/.exec(token)![0]
  const attributes = [...token.slice(name.length).matchAll(/([\w-]+)(?:="([^"]*)")?/g)]
    .map(
      ([, key, value]) =>
        `${key}="${readEntities(value ?? '')
          .replaceAll(/\s+/g, ' ')
          .trim()}"`,
    )
    .filter((attribute) => !scriptHooks.test(attribute.split('=')[0]!) && attribute !== 'class=""')
  return `${name} ${attributes.sort().join(' ')}`
}

const entities: Record<string, string> = {
  '&#39;': "'",
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
}
const readEntities = (text: string) =>
  text.replaceAll(/&(#39|quot|lt|gt|amp);/g, (entity) => entities[entity]!)

/** True when every option is one of these: our props can say all of it. */
export const only = (options: object, ...known: string[]) =>
  Object.keys(options).every((key) => known.includes(key))

/** A text without HTML or classes of its own. */
export const plain = (value: unknown): value is { text: string } =>
  typeof value === 'object' &&
  value !== null &&
  'text' in value &&
  typeof value.text === 'string' &&
  only(value, 'text')

export const sizeOf = (classes: string | undefined) =>
  /--(s|m|l|xl)$/.exec(classes ?? '')?.[1] as 's' | 'm' | 'l' | 'xl' | undefined
const errorsOf = (name: string, message: unknown) =>
  plain(message) ? [{ field: name, text: message.text }] : []

/** Label, hint and error of a fixture as our props, or null when it asks for more than we have. */
export function labelled(options: Options, ...known: string[]) {
  const { label, hint, errorMessage, id, name } = options as {
    label?: Text
    hint?: unknown
    errorMessage?: unknown
    id?: string
    name?: string
  }
  const fits =
    only(options, 'label', 'hint', 'errorMessage', 'id', 'name', ...known) &&
    label !== undefined &&
    only(label, 'text', 'classes', 'isPageHeading') &&
    /^(govuk-label--(s|m|l|xl))?$/.test(label.classes ?? '') &&
    (hint === undefined || plain(hint)) &&
    (errorMessage === undefined || plain(errorMessage))
  const own = id ?? name
  if (!fits || !own) return null
  return {
    name: own,
    label: label.text,
    labelSize: sizeOf(label.classes),
    heading: label.isPageHeading,
    hint: plain(hint) ? hint.text : undefined,
    errors: errorsOf(own, errorMessage),
  }
}

/** The same for what stands in a fieldset. */
export function grouped(options: Options, ...known: string[]) {
  const { fieldset, ...rest } = options as { fieldset?: { legend?: Text } }
  if (!fieldset?.legend || !only(fieldset, 'legend')) return null
  const legend = {
    ...fieldset.legend,
    classes: fieldset.legend.classes?.replace('fieldset__legend', 'label'),
  }
  return labelled(
    { label: Object.fromEntries(Object.entries(legend).filter(([, value]) => value !== undefined)), ...rest },
    ...known,
  )
}

export function choices(items: unknown): (Choice | Divider)[] | null {
  const read: (Choice | Divider)[] = []
  if (!(items as unknown[]).every(Boolean)) return null
  for (const item of items as Record<string, unknown>[]) {
    if (typeof item.divider === 'string') read.push({ divider: item.divider })
    else if (
      only(item, 'value', 'text', 'hint', 'checked', 'disabled', 'behaviour') &&
      (item.hint === undefined || plain(item.hint))
    ) {
      read.push({
        value: String(item.value),
        text: String(item.text),
        hint: plain(item.hint) ? item.hint.text : undefined,
        disabled: item.disabled === true,
      })
    } else return null
  }
  return read
}

export const checkedValues = (items: unknown) =>
  (items as { value?: unknown; checked?: boolean }[])
    .filter((item) => item.checked)
    .map((item) => String(item.value))

/** `idPrefix` and `name` are one in our components. */
export function withName({ idPrefix, ...rest }: Options): Options {
  return idPrefix === undefined || idPrefix === rest.name ? rest : { ...rest, unlike: true }
}
