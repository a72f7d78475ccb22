// Island / voice-recorder: <voice-recorder data-worklet> around an upload form: records a voice in the page, shows how loud it
// is, refuses what could not be used with the reason, lets it be heard as the telephone will play it, and sends it by the
// form's own file field. The form stays, folded away, as the way with a file; without JavaScript it is the only way.
import { longestSeconds } from '../../kit/sound.ts'
import { soundRefusal, recorderWords as words } from '../words.ts'
import { type Microphone, openMicrophone } from './microphone.ts'
import { type Finished, finishRecording, meterLevel } from './wav.ts'

const countDownFrom = 3

class VoiceRecorder extends HTMLElement {
  private form: HTMLFormElement | null = null
  private field: HTMLInputElement | null = null
  private fallback = element('details', 'govuk-details')
  private state = element('p', 'app-recorder__state')
  private clock = element('p', 'app-recorder__clock')
  private meter = element('div', 'app-recorder__meter', words.level)
  private level = element('div', 'app-recorder__level')
  private audio = element('audio')
  private buttons = element('div', 'app-recorder__buttons')
  private microphone: Microphone | undefined
  private pieces: Float32Array[] = []
  private heard = 0
  private recording = false
  /** Grows with every start and stop, so that a count-down of before does not begin a recording of now. */
  private turn = 0

  connectedCallback(): void {
    this.form = this.querySelector('form')
    this.field = this.querySelector('input[type=file]')
    if (this.form && this.field && !this.querySelector('.app-recorder')) this.build()
  }

  disconnectedCallback(): void {
    this.stopListening()
  }

  private build(): void {
    const summary = element('summary', 'govuk-details__summary')
    summary.append(element('span', 'govuk-details__summary-text', words.fileInstead))
    const inside = element('div', 'govuk-details__text')
    inside.append(...this.childNodes)
    this.fallback.append(summary, inside)
    this.fallback.open = inside.querySelector('.govuk-error-message') !== null

    this.state.setAttribute('role', 'status')
    this.level.append(element('span'))
    this.meter.append(this.level)
    this.meter.setAttribute('aria-hidden', 'true')
    this.audio.controls = true
    this.audio.setAttribute('aria-label', words.listen)
    const box = element('div', 'app-recorder')
    box.append(this.state, this.clock, this.meter, this.audio, this.buttons)
    this.append(box, this.fallback)

    if ('mediaDevices' in navigator && 'AudioWorkletNode' in window) this.offer(words.intro, words.record)
    else this.trouble(words.noMicrophone)
  }

  /** Show one state: what it says, which of the parts are there, and the buttons, of which the first takes focus when asked. */
  private show(
    says: string,
    parts: { clock?: boolean; meter?: boolean; audio?: boolean; trouble?: boolean },
    buttons: HTMLElement[],
    focus = true,
  ) {
    this.state.textContent = says
    this.state.classList.toggle('app-recorder__state--trouble', parts.trouble ?? false)
    this.clock.hidden = !parts.clock
    this.meter.hidden = !parts.meter
    this.audio.hidden = !parts.audio
    this.buttons.replaceChildren(...buttons)
    if (focus) buttons[0]?.focus()
  }

  private offer(says: string, label: string): void {
    this.show(says, {}, [button(label, () => void this.start())], false)
  }

  private trouble(says: string): void {
    this.fallback.open = true
    this.show(
      says,
      { trouble: true },
      'mediaDevices' in navigator ? [button(words.record, () => void this.start())] : [],
    )
  }

  private async start(): Promise<void> {
    this.stopListening()
    this.pieces = []
    this.heard = 0
    const turn = this.turn
    this.show(words.asking, {}, [], false)
    const opened = await openMicrophone(this.dataset.worklet ?? '', (piece) => this.hear(piece))
    if (typeof opened === 'string') {
      this.trouble({ none: words.noMicrophone, refused: words.refused, broken: words.broken }[opened])
      return
    }
    if (turn !== this.turn || !this.isConnected) return opened.close()
    this.microphone = opened
    // The count-down lets people breathe in, and slow microphones wake up.
    const cancel = button(words.cancel, () => this.cancel(), 'secondary')
    for (let left = countDownFrom; left > 0; left--) {
      this.show(words.getReady(left), { meter: true }, [cancel], left === countDownFrom)
      await new Promise((done) => setTimeout(done, 1_000))
      if (turn !== this.turn) return
    }
    this.recording = true
    this.tell()
    this.show(words.speakNow, { clock: true, meter: true }, [
      button(words.stop, () => this.finish(words.done)),
    ])
  }

  private cancel(): void {
    this.stopListening()
    this.offer(words.intro, words.record)
    this.buttons.querySelector('button')?.focus()
  }

  private hear(piece: Float32Array): void {
    const level = meterLevel(piece)
    this.level.style.setProperty('--level', String(level))
    this.level.toggleAttribute('data-loud', level === 1)
    if (!this.recording || !this.microphone) return
    this.pieces.push(piece)
    this.heard += piece.length / this.microphone.sampleRate
    this.tell()
    if (this.heard >= longestSeconds) this.finish(() => words.limit)
  }

  private tell(): void {
    this.clock.textContent = words.seconds(Math.floor(this.heard), longestSeconds)
  }

  private finish(done: (seconds: number) => string): void {
    const { sampleRate } = this.microphone!
    this.stopListening()
    const finished = finishRecording(this.pieces, sampleRate)
    const again = button(words.recordAgain, () => void this.start(), 'secondary')
    if (!finished.verdict.ok) {
      this.show(soundRefusal(finished.verdict.trouble), { trouble: true }, [again])
      return
    }
    URL.revokeObjectURL(this.audio.src)
    this.audio.src = URL.createObjectURL(new Blob([finished.preview], { type: 'audio/wav' }))
    const use = button(words.use, () => this.send(finished))
    this.show(done(Math.round(finished.verdict.seconds)), { audio: true }, [use, again])
  }

  /** By the form itself, so that the answer of the server is an ordinary page. */
  private send(finished: Finished): void {
    const carrier = new DataTransfer()
    carrier.items.add(new File([finished.file], 'recording.wav', { type: 'audio/wav' }))
    this.field!.files = carrier.files
    this.show(words.sending, {}, [], false)
    this.form!.requestSubmit()
  }

  private stopListening(): void {
    this.turn++
    this.recording = false
    this.microphone?.close()
    this.microphone = undefined
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

function button(text: string, press: () => void, look = ''): HTMLButtonElement {
  const made = element('button', look ? `govuk-button govuk-button--${look}` : 'govuk-button', text)
  made.type = 'button'
  made.addEventListener('click', press)
  return made
}

customElements.define('voice-recorder', VoiceRecorder)
