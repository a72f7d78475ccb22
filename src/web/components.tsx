// Web / components: what pages show, as typed components: govuk-frontend's markup (MIT) where it has one, our own for the
// status panel, the timeline and cards. Pure. Called by the pages of every room. Forms are in forms.tsx and fields.tsx.
import type { ComponentChildren } from 'preact'
import { classes } from './forms.tsx'
import { Icon, type IconName } from './icons.tsx'
import { words } from './words.ts'

/** How a thing stands. Always shown as a mark and words; the colour only repeats them. */
export type Mood = 'good' | 'waiting' | 'attention' | 'bad' | 'quiet'

const marks: Record<Mood, IconName> = {
  good: 'tick',
  waiting: 'clock',
  attention: 'exclamation',
  bad: 'cross',
  quiet: 'pause',
}

// ---------------------------------------------------------------------------------------------------------- status

export interface StatusPanelProps {
  mood: Mood
  /** Another mark than the mood's own: a ringing phone, a bell. */
  icon?: IconName
  /** The one sentence that can be read in two seconds. Read out when it changes on a live page. */
  title: string
  /** Needed only for the second panel of a page. */
  id?: string
  /** More sentences, buttons, links. */
  children?: ComponentChildren
}

/** The one large answer of a page: "Ada answered at 9:31am". */
export function StatusPanel({ mood, icon, title, id = 'status', children }: StatusPanelProps) {
  return (
    <section class={`app-status app-status--${mood}`} aria-labelledby={`${id}-title`}>
      <h2 class="app-status__title" id={`${id}-title`}>
        <span class="app-status__mark">
          <Icon name={icon ?? marks[mood]} />
        </span>
        <span data-announce>{title}</span>
      </h2>
      {children}
    </section>
  )
}

const tagColours: Record<Mood, string> = {
  good: 'green',
  waiting: 'purple',
  attention: 'yellow',
  bad: 'red',
  quiet: 'grey',
}

/** One or two words of how a thing stands: "Answered", "Test". */
export function Tag({ mood, children }: { mood: Mood; children: ComponentChildren }) {
  return <strong class={`govuk-tag govuk-tag--${tagColours[mood]}`}>{children}</strong>
}

// -------------------------------------------------------------------------------------------------------- timeline

export interface TimelineItem {
  /** Tells this row from the others: an id. A live page keeps the row by it. */
  key: string
  /** "Today, 9:30am" */
  when: string
  /** The same for machines: an ISO instant. */
  at?: string
  mood: Mood
  icon?: IconName
  /** One or two words: "Answered". */
  tag?: string
  /** The sentence. */
  says: ComponentChildren
  /** What belongs to it: attempts, who was told, a button. */
  children?: ComponentChildren
}

/** What happened, newest first, each row a sentence. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  return (
    <ol class="app-timeline">
      {items.map((item) => (
        <li key={item.key} data-key={item.key} class={`app-timeline__item app-timeline__item--${item.mood}`}>
          <span class="app-timeline__mark">
            <Icon name={item.icon ?? marks[item.mood]} />
          </span>
          <p class="app-timeline__when">
            {item.at ? <time dateTime={item.at}>{item.when}</time> : item.when}{' '}
            {item.tag && <Tag mood={item.mood}>{item.tag}</Tag>}
          </p>
          <div class="app-timeline__says">{item.says}</div>
          {item.children}
        </li>
      ))}
    </ol>
  )
}

// ------------------------------------------------------------------------------------------------------------ cards

/** Cards side by side where there is room. Each child should be a `Card`. */
export function Cards({ children }: { children: ComponentChildren }) {
  return <ul class="app-cards">{children}</ul>
}

export interface CardProps {
  /** A number or mark in the corner. */
  step?: number
  icon?: IconName
  title: ComponentChildren
  /** The whole card leads there. */
  href?: string
  tag?: { mood: Mood; text: string }
  children?: ComponentChildren
}

export function Card({ step, icon, title, href, tag, children }: CardProps) {
  return (
    <li class={classes('app-card', href && 'app-card--link')}>
      {(step || icon) && (
        <span class="app-card__mark" aria-hidden={step ? undefined : 'true'}>
          {icon ? <Icon name={icon} /> : step}
        </span>
      )}
      <h3 class="app-card__title">
        {href ? (
          <a class="govuk-link" href={href}>
            {title}
          </a>
        ) : (
          title
        )}
      </h3>
      {tag && (
        <p class="app-card__tag">
          <Tag mood={tag.mood}>{tag.text}</Tag>
        </p>
      )}
      {children}
    </li>
  )
}

// ------------------------------------------------------------------------------------------------------------- lists

export interface SummaryRow {
  key: string
  value: ComponentChildren
  /** Where to change it. `what` is read out after "Change": "the name". */
  change?: { href: string; what: string; text?: string }
}

/** Questions and answers, each with its Change link. */
export function SummaryList({ rows, noBorder }: { rows: readonly SummaryRow[]; noBorder?: boolean }) {
  const anyAction = rows.some((row) => row.change)
  return (
    <dl class={classes('govuk-summary-list', noBorder && 'govuk-summary-list--no-border')}>
      {rows.map(({ key, value, change }) => (
        <div
          key={key}
          class={classes(
            'govuk-summary-list__row',
            anyAction && !change && 'govuk-summary-list__row--no-actions',
          )}
        >
          <dt class="govuk-summary-list__key">{key}</dt>
          <dd class="govuk-summary-list__value">{value}</dd>
          {change && (
            <dd class="govuk-summary-list__actions">
              <a class="govuk-link" href={change.href}>
                {change.text ?? words.change}
                <span class="govuk-visually-hidden"> {change.what}</span>
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}

export interface TableProps {
  caption?: string
  captionSize?: 's' | 'm' | 'l'
  head?: readonly Cell[]
  rows: readonly (readonly Cell[])[]
  /** The first cell names its row. */
  firstIsHeader?: boolean
}

/** A number column is `{ text, numeric: true }`. */
export type Cell = ComponentChildren | { text: ComponentChildren; numeric: true }

export function Table({ caption, captionSize, head, rows, firstIsHeader }: TableProps) {
  return (
    <table class="govuk-table">
      {caption && (
        <caption
          class={classes('govuk-table__caption', captionSize && `govuk-table__caption--${captionSize}`)}
        >
          {caption}
        </caption>
      )}
      {head && (
        <thead class="govuk-table__head">
          <tr class="govuk-table__row">
            {head.map((cell, i) => (
              <th key={i} scope="col" class={cellClass('header', cell)}>
                {cellText(cell)}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody class="govuk-table__body">
        {rows.map((row, r) => (
          <tr key={r} class="govuk-table__row">
            {row.map((cell, i) =>
              i === 0 && firstIsHeader ? (
                <th key={i} scope="row" class={cellClass('header', cell)}>
                  {cellText(cell)}
                </th>
              ) : (
                <td key={i} class={cellClass('cell', cell)}>
                  {cellText(cell)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const isNumeric = (cell: Cell): cell is { text: ComponentChildren; numeric: true } =>
  typeof cell === 'object' && cell !== null && 'numeric' in cell
const cellText = (cell: Cell) => (isNumeric(cell) ? cell.text : cell)
const cellClass = (part: string, cell: Cell) =>
  classes(`govuk-table__${part}`, isNumeric(cell) && `govuk-table__${part}--numeric`)

// ------------------------------------------------------------------------------------------------------------ notices

export interface NotificationBannerProps {
  /** `success` is read out at once: say it after something was done. */
  kind?: 'success' | undefined
  title?: string
  /** A sentence becomes the banner's heading; anything else is shown as it is. */
  children: ComponentChildren
}

export function NotificationBanner({ kind, title, children }: NotificationBannerProps) {
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is always alert or region, and both may be labelled
    <div
      class={classes('govuk-notification-banner', kind && `govuk-notification-banner--${kind}`)}
      role={kind ? 'alert' : 'region'}
      aria-labelledby="govuk-notification-banner-title"
    >
      <div class="govuk-notification-banner__header">
        <h2 class="govuk-notification-banner__title" id="govuk-notification-banner-title">
          {title ?? (kind ? words.success : words.important)}
        </h2>
      </div>
      <div class="govuk-notification-banner__content">
        {typeof children === 'string' ? (
          <p class="govuk-notification-banner__heading">{children}</p>
        ) : (
          children
        )}
      </div>
    </div>
  )
}

/** Something worth standing apart from the text around it. */
export function InsetText({ children }: { children: ComponentChildren }) {
  return <div class="govuk-inset-text">{children}</div>
}

export function Details({
  summary,
  open,
  id,
  children,
}: {
  summary: string
  open?: boolean
  id?: string
  children: ComponentChildren
}) {
  return (
    <details class="govuk-details" id={id} open={open}>
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">{summary}</span>
      </summary>
      <div class="govuk-details__text">{children}</div>
    </details>
  )
}

export function WarningText({ children }: { children: ComponentChildren }) {
  return (
    <div class="govuk-warning-text">
      <span class="govuk-warning-text__icon" aria-hidden="true">
        !
      </span>
      <strong class="govuk-warning-text__text">
        <span class="govuk-visually-hidden">{words.warning}</span> {children}
      </strong>
    </div>
  )
}

/** The page that says it is done. Holds the page's h1. */
export function Panel({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="govuk-panel govuk-panel--confirmation">
      <h1 class="govuk-panel__title">{title}</h1>
      {children && <div class="govuk-panel__body">{children}</div>}
    </div>
  )
}

// --------------------------------------------------------------------------------------------------------------- text

/** The page's h1, with a caption above ("Step 3 of 7") where there is one. */
export function Heading({
  caption,
  size = 'l',
  children,
}: {
  caption?: string
  size?: 'xl' | 'l' | 'm'
  children: ComponentChildren
}) {
  return (
    <>
      {caption && <span class={`govuk-caption-${size}`}>{caption}</span>}
      <h1 class={`govuk-heading-${size}`}>{children}</h1>
    </>
  )
}

/** A phone number in national form: never broken over two lines. */
export function PhoneNumber({ children }: { children: string }) {
  return <span class="app-nowrap">{children}</span>
}

/** A link of ordinary text. */
export function Link({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="govuk-link" href={href}>
      {children}
    </a>
  )
}

/** A paragraph of ordinary text. */
export function P({ lead, children }: { lead?: boolean; children: ComponentChildren }) {
  return <p class={lead ? 'govuk-body-l' : 'govuk-body'}>{children}</p>
}

/** A list of points. */
export function Bullets({ items }: { items: readonly ComponentChildren[] }) {
  return (
    <ul class="govuk-list govuk-list--bullet">
      {items.map((item, i) => (
        <li key={i}>{item}</li>
      ))}
    </ul>
  )
}
