// Our fields and components against govuk-frontend's own fixtures: for every official example that our props can express, the same
// HTML. What differs on purpose is taken out first: hooks of its scripts, which we do not load, and its own way to reveal questions.
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { expect, test } from 'vitest'
import {
  type Cell,
  Details,
  InsetText,
  NotificationBanner,
  Panel,
  SummaryList,
  Table,
  WarningText,
} from './components.tsx'
import {
  Checkboxes,
  DateInput,
  Fieldset,
  FileUpload,
  Radios,
  Select,
  TextArea,
  TextInput,
} from './fields.tsx'
import { Button, ErrorSummary } from './forms.tsx'
import {
  checkedValues,
  choices,
  fixtures,
  grouped,
  labelled,
  normal,
  type Options,
  only,
  plain,
  sizeOf,
  type Text,
  withName,
} from './kit-fixtures.ts'

type Mapping = (options: Options) => VNode | null

const mappings: Record<string, { least: number; map: Mapping }> = {
  input: {
    least: 20,
    map(o) {
      const known = [
        'value',
        'type',
        'classes',
        'inputmode',
        'autocomplete',
        'spellcheck',
        'prefix',
        'suffix',
      ]
      const own = labelled(o, ...known)
      const width = /^govuk-input--width-(\d+)$/.exec(String(o.classes ?? ''))?.[1]
      const affixes = [o.prefix, o.suffix].every((affix) => affix === undefined || plain(affix))
      if (!own || (o.classes && !width) || !affixes || ('value' in o && !o.value)) return null
      return (
        <TextInput
          {...own}
          {...(width ? { width: Number(width) as 10 } : {})}
          {...(o.value ? { value: String(o.value) } : {})}
          {...(o.type ? { type: o.type as 'text' } : {})}
          {...(o.inputmode ? { inputMode: o.inputmode as 'numeric' } : {})}
          {...(o.autocomplete ? { autoComplete: String(o.autocomplete) } : {})}
          {...('spellcheck' in o ? { spellcheck: o.spellcheck === true } : {})}
          {...(plain(o.prefix) ? { prefix: o.prefix.text } : {})}
          {...(plain(o.suffix) ? { suffix: o.suffix.text } : {})}
        />
      )
    },
  },
  textarea: {
    least: 8,
    map(o) {
      const own = labelled(o, 'value', 'rows', 'spellcheck')
      return (
        own && (
          <TextArea
            {...own}
            value={o.value as string | undefined}
            {...(o.rows ? { rows: Number(o.rows) } : {})}
            {...('spellcheck' in o ? { spellcheck: o.spellcheck === true } : {})}
          />
        )
      )
    },
  },
  select: {
    least: 3,
    map(o) {
      const items = o.items as Record<string, unknown>[]
      const own = labelled(o, 'items', 'value')
      if (
        !own ||
        !items?.every(
          (item) =>
            item &&
            only(item, 'value', 'text', 'selected', 'disabled') &&
            'value' in item &&
            item.selected !== false,
        )
      )
        return null
      const chosen = items.find((item) => item.selected)?.value ?? o.value
      return (
        <Select
          {...own}
          value={chosen === undefined ? undefined : String(chosen)}
          items={items.map((item) => ({
            value: String(item.value),
            text: String(item.text),
            disabled: item.disabled === true,
          }))}
        />
      )
    },
  },
  'file-upload': {
    least: 4,
    map(o) {
      const own = labelled(o)
      return own && <FileUpload {...own} />
    },
  },
  radios: {
    least: 8,
    map(o) {
      const own = grouped(withName(o), 'items', 'value', 'classes')
      const items = choices(o.items)
      const classes = String(o.classes ?? '')
      if (!own || !items || !['', 'govuk-radios--inline', 'govuk-radios--small'].includes(classes))
        return null
      return (
        <Radios
          {...own}
          items={items}
          value={checkedValues(o.items)[0] ?? (o.value as string | undefined)}
          inline={classes.endsWith('inline')}
          small={classes.endsWith('small')}
        />
      )
    },
  },
  checkboxes: {
    least: 12,
    map(o) {
      const own = grouped(withName(o), 'items', 'values', 'classes')
      const items = choices(o.items)
      const classes = String(o.classes ?? '')
      if (!own || !items || !['', 'govuk-checkboxes--small'].includes(classes)) return null
      return (
        <Checkboxes
          {...own}
          items={items}
          values={[...checkedValues(o.items), ...((o.values as string[] | undefined) ?? [])]}
          small={classes.endsWith('small')}
        />
      )
    },
  },
  fieldset: {
    least: 6,
    map(o) {
      const { legend, ...rest } = o as { legend?: Text }
      if (
        !legend?.text ||
        !only(rest) ||
        !/^(govuk-fieldset__legend--\w+)?$/.test(legend.classes ?? '') ||
        !only(legend, 'text', 'classes', 'isPageHeading')
      )
        return null
      return (
        <Fieldset legend={legend.text} legendSize={sizeOf(legend.classes)} heading={legend.isPageHeading} />
      )
    },
  },
  button: {
    least: 8,
    map(o) {
      if (
        !only(o, 'text', 'type', 'name', 'value', 'id', 'disabled', 'classes', 'preventDoubleClick') ||
        !o.text
      )
        return null
      const look = /^govuk-button--(secondary|warning|inverse)$/.exec(String(o.classes ?? ''))?.[1]
      if (o.classes && !look) return null
      return (
        <Button
          {...(look ? { look: look as 'secondary' } : {})}
          {...(o.type ? { type: o.type as 'submit' } : {})}
          {...(o.name ? { name: String(o.name) } : {})}
          {...(o.value ? { value: String(o.value) } : {})}
          {...(o.id ? { id: String(o.id) } : {})}
          disabled={o.disabled === true}
        >
          {String(o.text)}
        </Button>
      )
    },
  },
  'summary-list': {
    least: 1,
    map(o) {
      type Row = {
        key: unknown
        value: unknown
        actions?: { items?: { href?: string; text?: string; visuallyHiddenText?: string }[] }
      }
      const rows = o.rows as Row[] | undefined
      if (
        !rows ||
        !only(o, 'rows', 'classes') ||
        !['', 'govuk-summary-list--no-border'].includes(String(o.classes ?? ''))
      )
        return null
      const fits = rows.every((row) => {
        const actions = row?.actions?.items ?? []
        return (
          row &&
          only(row, 'key', 'value', 'actions') &&
          plain(row.key) &&
          plain(row.value) &&
          actions.length < 2 &&
          only(row.actions ?? {}, 'items') &&
          actions.every((a) => only(a, 'href', 'text', 'visuallyHiddenText') && a.visuallyHiddenText)
        )
      })
      if (!fits) return null
      return (
        <SummaryList
          noBorder={Boolean(o.classes)}
          rows={rows.map((row) => {
            const action = row.actions?.items?.[0]
            const key = (row.key as { text: string }).text
            const value = (row.value as { text: string }).text
            return action
              ? {
                  key,
                  value,
                  change: { href: action.href!, what: action.visuallyHiddenText!, text: action.text! },
                }
              : { key, value }
          })}
        />
      )
    },
  },
  table: {
    least: 3,
    map(o) {
      const cell = (c: { text?: unknown; format?: string }): Cell =>
        c.format ? { text: String(c.text), numeric: true } : String(c.text)
      const lines = [
        ...((o.head as [])?.length ? [o.head as object[]] : []),
        ...((o.rows as object[][]) ?? []),
      ]
      const fits =
        only(o, 'rows', 'head', 'caption', 'captionClasses', 'firstCellIsHeader') &&
        lines.every(
          (line) => Array.isArray(line) && line.every((c) => c && only(c, 'text', 'format') && 'text' in c),
        )
      if (!fits) return null
      return (
        <Table
          {...(o.caption ? { caption: String(o.caption) } : {})}
          {...(o.captionClasses ? { captionSize: sizeOf(String(o.captionClasses)) as 'm' } : {})}
          {...(o.head ? { head: (o.head as { text: string }[]).map(cell) } : {})}
          firstIsHeader={o.firstCellIsHeader === true}
          rows={(o.rows as { text: string }[][]).map((row) => row.map(cell))}
        />
      )
    },
  },
  'error-summary': {
    least: 1,
    map(o) {
      const list = o.errorList as { text?: string; href?: string }[] | undefined
      if (!list || !only(o, 'titleText', 'errorList') || o.titleText !== 'There is a problem') return null
      if (!list.every((e) => only(e, 'text', 'href') && e.text)) return null
      return <ErrorSummary errors={list.map((e) => ({ field: e.href?.slice(1) ?? '', text: e.text! }))} />
    },
  },
  'notification-banner': {
    least: 2,
    map: (o) =>
      only(o, 'text', 'titleText') && o.text ? (
        <NotificationBanner {...(o.titleText ? { title: String(o.titleText) } : {})}>
          {String(o.text)}
        </NotificationBanner>
      ) : null,
  },
  'inset-text': { least: 1, map: (o) => (only(o, 'text') ? <InsetText>{String(o.text)}</InsetText> : null) },
  details: {
    least: 3,
    map: (o) =>
      only(o, 'summaryText', 'text', 'id', 'open') && o.text ? (
        <Details
          summary={String(o.summaryText)}
          open={o.open === true}
          {...(o.id ? { id: String(o.id) } : {})}
        >
          {String(o.text)}
        </Details>
      ) : null,
  },
  'warning-text': {
    least: 1,
    map: (o) =>
      only(o, 'text', 'iconFallbackText') && o.iconFallbackText === 'Warning' ? (
        <WarningText>{String(o.text)}</WarningText>
      ) : null,
  },
  panel: {
    least: 2,
    map: (o) =>
      only(o, 'titleText', 'titleHtml', 'text') && !/[<&]/.test(String(o.titleHtml ?? '')) ? (
        <Panel title={String(o.titleText ?? o.titleHtml)}>{o.text as string | undefined}</Panel>
      ) : null,
  },
}

for (const [component, { least, map }] of Object.entries(mappings)) {
  test(`${component} has the markup of the kit`, () => {
    let compared = 0
    for (const { name, options, html } of fixtures(component)) {
      const ours = map(options)
      if (!ours) continue
      compared++
      const drawn = normal(renderToString(ours)).replaceAll(' tabindex="-1"', '')
      expect(drawn, `${component}: ${name}`).toBe(normal(html).replaceAll(' tabindex="-1"', ''))
    }
    expect(compared).toBeGreaterThanOrEqual(least)
  })
}

test('a date has the markup of the kit, with its parts named after it', () => {
  const ours = normal(
    renderToString(
      <DateInput
        name="dob"
        label="What is your date of birth?"
        hint="For example, 31 3 1980"
        value={{ day: '31', month: '3', year: '1980' }}
      />,
    ),
  )
  const kit = fixtures('date-input').find(({ name }) => name === 'with values')!
  const expected = kit.html
    .replaceAll('with-values', 'dob')
    .replaceAll(/name="(day|month|year)"/g, 'name="dob-$1"')
  expect(ours.replace(' tabindex="-1"', '')).toBe(normal(expected))
})

test('an error of one part of a date marks that part and stands above all of them', () => {
  const html = renderToString(
    <DateInput name="start" label="Start" errors={[{ field: 'start-month', text: 'Enter a month' }]} />,
  )
  expect(html).toContain('Enter a month')
  expect(html).toMatch(/govuk-input--error" id="start-month"/)
  expect(html).not.toMatch(/govuk-input--error" id="start-day"/)
})

test('what was typed is kept and escaped beside its error', () => {
  const html = renderToString(
    <TextInput
      name="name"
      label="Name"
      value={'<b>"Ada"</b>'}
      errors={[{ field: 'name', text: 'Use letters' }]}
    />,
  )
  expect(html).toContain('value="&lt;b>&quot;Ada&quot;&lt;/b>"')
  expect(html.indexOf('Use letters')).toBeLessThan(html.indexOf('<input'))
  expect(html).toContain('aria-describedby="name-error"')
})

test('a question that a choice reveals follows it, and no radio claims to be expanded', () => {
  const html = renderToString(
    <Radios
      name="second"
      label="A second number?"
      value="yes"
      items={[
        { value: 'yes', text: 'Yes', reveals: <p>Which?</p> },
        { value: 'no', text: 'No' },
      ]}
    />,
  )
  expect(html).toMatch(
    /<\/div><div class="govuk-radios__conditional app-reveal" id="conditional-second"><p>Which\?/,
  )
  expect(html).not.toContain('aria-expanded')
})

test('a Change link says what it changes to those who hear it alone', () => {
  const html = renderToString(
    <SummaryList rows={[{ key: 'Name', value: 'Ada', change: { href: '/setup/name', what: 'the name' } }]} />,
  )
  expect(html).toContain(
    '<a class="govuk-link" href="/setup/name">Change<span class="govuk-visually-hidden"> the name</span></a>',
  )
})
