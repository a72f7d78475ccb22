// Island / running-clock: <running-clock data-elapsed="SECONDS">: goes on counting how long something has been open, from what the
// server said. It counts from the moment of loading, because the server's clock may be another one than this computer's.
import { countOf } from '../../kit/plain-words.ts'

const everyMs = 1_000

class RunningClock extends HTMLElement {
  static observedAttributes = ['data-elapsed']
  private timer: ReturnType<typeof setInterval> | undefined
  private startedAtMs = 0

  connectedCallback(): void {
    this.timer = setInterval(() => this.tick(), everyMs)
  }

  disconnectedCallback(): void {
    clearInterval(this.timer)
  }

  /** Also when a live page brings the server's newer count. */
  attributeChangedCallback(): void {
    this.startedAtMs = performance.now() - Number(this.dataset.elapsed) * 1000
  }

  private tick(): void {
    const words = elapsed(Math.floor((performance.now() - this.startedAtMs) / 1000))
    if (this.textContent !== words) this.textContent = words
  }
}

/** As `durationInWords` of kit/words-of-time.ts says it, whose calendar is too large for a page. */
function elapsed(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (minutes === 0) return seconds === 0 ? '0 seconds' : countOf(seconds, 'second')
  if (hours === 0) return countOf(minutes, 'minute')
  if (days === 0) return twoUnits(countOf(hours, 'hour'), minutes % 60, 'minute')
  return twoUnits(countOf(days, 'day'), hours % 24, 'hour')
}

function twoUnits(first: string, rest: number, unit: string): string {
  return rest === 0 ? first : `${first} ${countOf(rest, unit)}`
}

customElements.define('running-clock', RunningClock)
