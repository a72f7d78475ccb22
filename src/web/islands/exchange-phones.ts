// Island / exchange-phones: <exchange-phones data-events>: keeps the page of practice phones fresh, sends its forms beside the page,
// lets a keyboard press the keys of the telephone in focus, and makes it all sound. The page works without it, by loading again.
// What is read out: each new text marked `data-announce`.
import { createSound, type PhoneHeard, type SoundShown } from './exchange-sound.ts'
import { type LiveVoice, liveVoice } from './live-voice.ts'
import { updateChildren } from './morph.ts'

const firstRetryMs = 1_000
const longestRetryMs = 15_000
/** Between two looks, so that a busy exchange leaves the page time to be used. */
const restMs = 80

class ExchangePhones extends HTMLElement {
  private readonly sound = createSound()
  private readonly voice = document.createElement('p')
  private readonly quietTitle = document.title
  private source: EventSource | undefined
  private retryMs = firstRetryMs
  private busy = false
  private again = false
  /** Forms go one after another, so that the keys of a number stay in order. */
  private readonly turns = new WeakMap<HTMLFormElement, Promise<void>>()

  connectedCallback(): void {
    this.voice.className = 'govuk-visually-hidden'
    this.voice.setAttribute('role', 'status')
    this.after(this.voice)
    this.addEventListener('submit', this.onSubmit)
    this.addEventListener('click', this.onClick)
    this.addEventListener('keydown', this.onKey)
    document.addEventListener('visibilitychange', this.onReturn)
    this.listen()
    this.settle()
  }

  disconnectedCallback(): void {
    this.source?.close()
    this.sound.turnOff()
    this.own?.stop()
    document.removeEventListener('visibilitychange', this.onReturn)
  }

  private onReturn = (): void => {
    if (!document.hidden) void this.refresh()
  }

  // ------------------------------------------------------------------------------------------------------------- fresh

  private listen(): void {
    const source = new EventSource(this.dataset.events ?? '')
    this.source = source
    source.addEventListener('open', () => {
      this.retryMs = firstRetryMs
      // whatever happened before this moment was not heard
      void this.refresh()
    })
    source.addEventListener('change', () => void this.refresh())
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return
      setTimeout(() => this.isConnected && this.listen(), this.retryMs)
      this.retryMs = Math.min(this.retryMs * 2, longestRetryMs)
    })
  }

  /** Look again: at once, or after the look under way. */
  private async refresh(): Promise<void> {
    if (this.busy) {
      this.again = true
      return
    }
    this.busy = true
    do {
      this.again = false
      await this.look()
      await new Promise((resolve) => setTimeout(resolve, restMs))
    } while (this.again)
    this.busy = false
  }

  private async look(): Promise<void> {
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
      if (answer.ok) this.show(await answer.text())
    } catch {
      // the server restarts: the event stream comes back and asks again
    }
  }

  private get live(): HTMLElement {
    return this.querySelector<HTMLElement>('[data-live]')!
  }

  private show(html: string): void {
    const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLElement>('[data-live]')
    if (!fresh) return
    const before = this.announced()
    const card = document.activeElement?.closest<HTMLElement>('.app-phone')
    updateChildren(this.live, fresh)
    // The button that had the focus is gone: stay with its telephone instead of falling back to the top of the page.
    if (card && !this.live.contains(document.activeElement)) card.focus({ preventScroll: true })
    this.live.dataset.title = fresh.dataset.title ?? ''
    const news = [...this.announced()].filter(([key]) => !before.has(key)).map(([, text]) => text)
    if (news.length > 0) this.voice.textContent = `${news.join('. ')}.`
    this.settle()
  }

  private announced(): Map<string, string> {
    const marked = [...this.live.querySelectorAll<HTMLElement>('[data-announce]')]
    return new Map(
      marked.map((element) => [
        element.dataset.announce || (element.textContent ?? ''),
        element.textContent ?? '',
      ]),
    )
  }

  /** What follows from the page as it now stands: the bells, the voices, the title of the browser's tab. */
  private settle(): void {
    const ringing = this.live.dataset.title
    document.title = ringing ? `☎ ${ringing}` : this.quietTitle
    // with the true sound on, a screen reader would talk over it
    for (const log of this.querySelectorAll('[role=log]'))
      log.setAttribute('aria-live', this.sound.isOn ? 'off' : 'polite')
    this.followVoice()
    this.sound.follow([...this.querySelectorAll<HTMLElement>('.app-phone')].map(heard))
  }

  // ------------------------------------------------------------------------------------------------------------- forms

  private onSubmit = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement
    event.preventDefault()
    const button = event.submitter as HTMLButtonElement | null
    const fields = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    if (button?.name) fields.set(button.name, button.value)
    if ('keypad' in form.dataset) this.sound.tone(button?.value ?? '')
    form.setAttribute('aria-busy', 'true')
    const mine = (this.turns.get(form) ?? Promise.resolve()).then(() => this.send(form, fields))
    this.turns.set(form, mine)
  }

  private async send(form: HTMLFormElement, fields: URLSearchParams): Promise<void> {
    try {
      const answer = await fetch(form.action, { method: 'POST', body: fields, redirect: 'manual' })
      if (answer.type === 'opaqueredirect') {
        if (!('keypad' in form.dataset)) form.reset()
        void this.refresh()
      } else {
        // refused: the page that comes says why, beside the field
        this.show(await answer.text())
        form.querySelector<HTMLElement>('.govuk-input--error')?.focus()
      }
    } catch {
      // not reached: the button can be pressed again
    }
    form.removeAttribute('aria-busy')
  }

  // -------------------------------------------------------------------------------------------------------- sound, keys

  private onClick = (event: Event): void => {
    const target = event.target as Element
    if (target.closest('[data-sound-button]')) void this.toggleSound()
    const card = target.closest('[data-microphone-button]')?.closest<HTMLElement>('.app-phone')
    if (card) void this.speak(card)
  }

  private own: LiveVoice | undefined
  private speaker = ''

  /** One's own voice goes into this telephone as long as the line records there. */
  private async speak(card: HTMLElement): Promise<void> {
    this.own?.stop()
    const opened = await liveVoice(this.dataset.worklet ?? '', card.dataset.recording ?? '')
    if (!opened) {
      this.voice.textContent = this.dataset.noMicrophone ?? ''
      card.querySelector<HTMLElement>('.app-phone__own-voice')!.textContent = this.dataset.noMicrophone ?? ''
      card.dataset.microphone = 'off'
      return
    }
    this.own = opened
    this.speaker = card.id
    this.followVoice()
  }

  private followVoice(): void {
    if (!this.own) return
    const card = document.getElementById(this.speaker)
    if (card?.dataset.recording) card.dataset.microphone = 'on'
    else {
      this.own.stop()
      this.own = undefined
    }
  }

  private async toggleSound(): Promise<void> {
    const main = this.querySelector<HTMLElement>('[data-sound-button]')!
    if (this.sound.isOn) this.sound.turnOff()
    else await this.sound.turnOn()
    const { isOn } = this.sound
    this.dataset.sound = isOn ? 'on' : 'off'
    const label = main.querySelector('span')!
    this.onWords ??= label.textContent ?? ''
    label.textContent = isOn ? (this.dataset.off ?? '') : this.onWords
    this.settle()
  }

  private onWords: string | undefined

  /** The keys of the keyboard press those of the telephone in focus. */
  private onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches('input, textarea, select')) return
    const keypad = target.closest('.app-phone')?.querySelector('[data-keypad]')
    const button = [...(keypad?.querySelectorAll('button') ?? [])].find(({ value }) => value === event.key)
    if (!button) return
    event.preventDefault()
    button.classList.add('is-pressed')
    setTimeout(() => button.classList.remove('is-pressed'), 150)
    button.click()
  }
}

function heard(card: HTMLElement): PhoneHeard {
  const { ringing, sounds } = card.dataset
  return {
    id: card.id,
    ringingMs: ringing === undefined ? null : Number(ringing),
    sounds: JSON.parse(sounds ?? '[]') as SoundShown[],
  }
}

customElements.define('exchange-phones', ExchangePhones)
