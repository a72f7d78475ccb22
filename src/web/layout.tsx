// Web / layout: the frame of every page: head, header, main, footer. Pure: everything it shows is passed in. Called by
// sendPage (server.ts) and by tests.
import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Assets } from './assets.ts'
import { classes, ErrorSummary, type Errors } from './forms.tsx'
import { Icon } from './icons.tsx'
import { LiveRegion } from './islands.tsx'
import { productName, words } from './words.ts'

/** Where the fixed pages are. A null page does not exist (yet) and is never linked to. */
export interface Places {
  home: string
  signIn: string
  /** Gets a POST. */
  signOut: string
  services: string
  exchange: string
  help: string | null
  privacy: string | null
  accessibility: string | null
}

export const usualPlaces: Places = {
  home: '/',
  signIn: '/signin',
  signOut: '/signout',
  services: '/services',
  exchange: '/exchange',
  help: null,
  privacy: null,
  accessibility: null,
}

/** Who is signed in, as far as the frame needs to know. */
export interface Viewer {
  name: string
}

/** What the frame is given by the running server, the same for every page of one request. */
export interface Shell {
  assets: Pick<Assets, 'url'>
  places: Places
  viewer: Viewer | null
  /** True on a laptop: a banner says that no real telephone is connected. */
  practice: boolean
  /** In national form; stands in the footer of every page. */
  helpNumber: string | null
  /** Where this page is, so that the header can mark it. */
  path: string
}

export interface NavLink {
  href: string
  text: string
}

/** The scripts of src/web/islands that a page may ask for. */
export type IslandName = string

export interface PageOptions {
  /** Without the product's name. With errors it begins with "Error: ". */
  title: string
  /** Overrides who is signed in: null shows the page as to a stranger. */
  user?: Viewer | null
  /** Links of the header, instead of the usual ones. */
  nav?: readonly NavLink[]
  /** Where "Back" leads. */
  back?: string | { href: string; text: string }
  /** The page then opens with the error summary, which takes focus. */
  errors?: Errors | undefined
  /** Islands by file name: `['voice-recorder']`. */
  scripts?: readonly IslandName[]
  /** Style sheets of this page alone, by file name: `['exchange']`. */
  styles?: readonly string[]
  /** The address of an event stream: the page's content then stays fresh by itself. */
  live?: string
  /** Opens the page across the whole width; the page's h1 belongs there. */
  hero?: ComponentChildren
  /** Use the whole width, for boards and the exchange. */
  wide?: boolean
}

/**
 * A whole page as HTML. `children` hold the one h1, unless `hero` does.
 * @throws Error when a script was not built
 */
export function page(shell: Shell, options: PageOptions, children: ComponentChildren): string {
  const viewer = options.user === undefined ? shell.viewer : options.user
  const content = (
    <>
      <ErrorSummary errors={options.errors} />
      {options.live ? <LiveRegion events={options.live}>{children}</LiveRegion> : children}
    </>
  )
  const html = (
    <html lang="en-GB" class="govuk-template">
      <Head shell={shell} options={options} />
      <body class="govuk-template__body">
        <a href="#main" class="govuk-skip-link">
          {words.skip}
        </a>
        {shell.practice && <PracticeBanner href={shell.places.exchange} />}
        <Header shell={shell} viewer={viewer} nav={options.nav ?? usualNav(shell.places, viewer)} />
        {options.hero ? (
          <main id="main" tabIndex={-1}>
            {options.hero}
            <div class="app-width govuk-main-wrapper">{content}</div>
          </main>
        ) : (
          <div class={classes('app-width', options.wide && 'app-width--wide')}>
            {options.back && <BackLink back={options.back} />}
            <main class="govuk-main-wrapper" id="main" tabIndex={-1}>
              {content}
            </main>
          </div>
        )}
        <Footer shell={shell} />
      </body>
    </html>
  )
  return `<!doctype html>${renderToString(html)}`
}

function Head({ shell, options }: { shell: Shell; options: PageOptions }) {
  const { url } = shell.assets
  const hasErrors = Boolean(options.errors?.length)
  const scripts = [
    ...(hasErrors ? ['focus-errors'] : []),
    ...(options.live ? ['live'] : []),
    ...(options.scripts ?? []),
  ]
  const title = options.title === productName ? productName : `${options.title} – ${productName}`
  return (
    <head>
      <meta charset="utf-8" />
      <title>{hasErrors ? words.errorTitle(title) : title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="theme-color" content="#5b2a6e" />
      <meta name="format-detection" content="telephone=no" />
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      {[400, 700].map((weight) => (
        <link
          key={weight}
          rel="preload"
          as="font"
          type="font/woff2"
          crossorigin="anonymous"
          href={url(`lexend-latin-${weight}-normal.woff2`)}
        />
      ))}
      {['app', ...(options.styles ?? [])].map((name) => (
        <link key={name} rel="stylesheet" href={url(`${name}.css`)} />
      ))}
      {[...new Set(scripts)].map((name) => (
        <script key={name} type="module" src={url(`${name}.js`)} />
      ))}
    </head>
  )
}

function usualNav(places: Places, viewer: Viewer | null): readonly NavLink[] {
  return viewer
    ? [{ href: places.services, text: words.yourCalls }]
    : [{ href: places.signIn, text: words.signIn }]
}

function Header({ shell, viewer, nav }: { shell: Shell; viewer: Viewer | null; nav: readonly NavLink[] }) {
  return (
    <header class="app-header">
      <div class="app-width app-header__inside">
        <a class="app-header__home" href={shell.places.home} aria-label={words.home}>
          <span class="app-header__mark">
            <Icon name="phone" />
          </span>
          {productName}
        </a>
        {(nav.length > 0 || viewer) && (
          <nav class="app-header__nav" aria-label={words.menu}>
            <ul>
              {nav.map((link) => (
                <li key={link.href}>
                  <a href={link.href} aria-current={link.href === shell.path ? 'page' : undefined}>
                    {link.text}
                  </a>
                </li>
              ))}
              {viewer && (
                <li>
                  <form method="post" action={shell.places.signOut}>
                    <button type="submit">
                      {words.signOut}
                      <span class="govuk-visually-hidden"> ({words.signedInAs(viewer.name)})</span>
                    </button>
                  </form>
                </li>
              )}
            </ul>
          </nav>
        )}
      </div>
    </header>
  )
}

function PracticeBanner({ href }: { href: string }) {
  return (
    <section class="app-practice" aria-label={words.practiceLabel}>
      <p class="app-width">
        {words.practice} <a href={href}>{words.practiceLink}</a>
      </p>
    </section>
  )
}

function BackLink({ back }: { back: string | { href: string; text: string } }) {
  const { href, text } = typeof back === 'string' ? { href: back, text: words.back } : back
  return (
    <nav aria-label={words.back} class="app-back">
      <a href={href} class="govuk-back-link">
        {text}
      </a>
    </nav>
  )
}

function Footer({ shell }: { shell: Shell }) {
  const { help, privacy, accessibility } = shell.places
  const places: { href: string | null; text: string }[] = [
    { href: help, text: words.help },
    { href: privacy, text: words.privacy },
    { href: accessibility, text: words.accessibility },
  ]
  const links = places.flatMap(({ href, text }) => (href ? [{ href, text }] : []))
  return (
    <footer class="app-footer">
      <div class="app-width">
        {links.length > 0 && (
          <nav aria-label={words.footerLinks}>
            <ul>
              {links.map((link) => (
                <li key={link.href}>
                  <a class="govuk-link" href={link.href}>
                    {link.text}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {shell.helpNumber && (
          <p>
            {words.callUs} <strong class="app-nowrap">{shell.helpNumber}</strong>
          </p>
        )}
        <p>{words.notEmergency}</p>
      </div>
    </footer>
  )
}
