// Island / live: <live-region id data-events>: keeps its content fresh. The event stream only says *that* something changed;
// the page is then fetched again with the visitor's own rights, and this element is brought up to date node by node, so that
// focus, scroll, open details and half-typed answers stay as they are. What is read out: the text marked `data-announce`.
import { updateChildren } from './morph.ts'

const pauseMs = 150
const firstRetryMs = 1_000
const longestRetryMs = 30_000

class LiveRegion extends HTMLElement {
  private source: EventSource | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private retryMs = firstRetryMs
  private busy = false
  private again = false
  private voice = document.createElement('p')

  connectedCallback(): void {
    this.voice.className = 'govuk-visually-hidden'
    this.voice.setAttribute('role', 'status')
    this.after(this.voice)
    this.listen()
    addEventListener('pageshow', this.onReturn)
    document.addEventListener('visibilitychange', this.onReturn)
  }

  disconnectedCallback(): void {
    this.source?.close()
    clearTimeout(this.timer)
    removeEventListener('pageshow', this.onReturn)
    document.removeEventListener('visibilitychange', this.onReturn)
  }

  /** A tab that slept has missed events. */
  private onReturn = (event: Event): void => {
    if (event.type === 'pageshow' ? (event as PageTransitionEvent).persisted : !document.hidden)
      this.refreshSoon()
  }

  private listen(): void {
    this.source?.close()
    const source = new EventSource(this.dataset.events ?? '')
    this.source = source
    source.addEventListener('open', () => {
      // Whatever happened before this moment was not heard, so look again: since the page was made, or while the link was down.
      this.refreshSoon()
      this.retryMs = firstRetryMs
    })
    source.addEventListener('change', () => this.refreshSoon())
    source.addEventListener('error', () => {
      // The browser reconnects after a dropped link, but gives up after an error page, as of a server that restarts.
      if (source.readyState !== EventSource.CLOSED) return
      setTimeout(() => this.isConnected && this.listen(), this.retryMs)
      this.retryMs = Math.min(this.retryMs * 2, longestRetryMs)
    })
  }

  /** Several events within a moment cost one look. */
  private refreshSoon(afterMs = pauseMs): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.refresh(), afterMs)
  }

  private async refresh(): Promise<void> {
    if (this.busy) {
      this.again = true
      return
    }
    this.busy = true
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(this.id)
      // Signed out meanwhile, or the page is gone: show what there is now.
      if (answer.redirected || answer.status === 404) location.reload()
      else if (answer.ok && fresh) this.show(fresh)
      else this.refreshSoon(longestRetryMs)
    } catch {
      this.refreshSoon(longestRetryMs)
    }
    this.busy = false
    if (this.again) this.refreshSoon()
    this.again = false
  }

  private show(fresh: Element): void {
    const said = news(this)
    const hadFocus = this.contains(document.activeElement)
    updateChildren(this, fresh)
    // The button that had it is gone: stay near instead of falling back to the top of the page.
    if (hadFocus && !this.contains(document.activeElement)) {
      this.tabIndex = -1
      this.focus({ preventScroll: true })
    }
    if (news(this) !== said) this.voice.textContent = news(this)
  }
}

const news = (element: Element): string =>
  [...element.querySelectorAll('[data-announce]')].map((marked) => marked.textContent).join('. ')

customElements.define('live-region', LiveRegion)
