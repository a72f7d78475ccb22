// Web / islands: the server's half of each custom element in islands/: the HTML that works without JavaScript, and the
// attributes that the script reads. Pure. A page that uses one names its script: `scripts: ['voice-recorder']`.
import type { ComponentChildren, HTMLAttributes } from 'preact'

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'live-region': HTMLAttributes<HTMLElement> & { 'data-events': string }
      'voice-recorder': HTMLAttributes<HTMLElement> & { 'data-worklet': string }
    }
  }
}

/**
 * Content that stays fresh by itself: when something arrives on the event stream `events`, the script fetches the page
 * again and brings this element up to date. Without JavaScript it is simply the content. One per page; it needs an `id`.
 */
export function LiveRegion({
  events,
  id = 'live',
  children,
}: {
  events: string
  id?: string
  children: ComponentChildren
}) {
  return (
    <live-region id={id} data-events={events}>
      {children}
    </live-region>
  )
}

/**
 * Wraps an upload form (`<Form upload>` with one `FileUpload` and a button). The script puts a recorder above it that
 * fills the file field and sends the form; without JavaScript or a microphone the form is the way.
 * @param worklet the address of the asset `voice-worklet.js`
 */
export function VoiceRecorder({ worklet, children }: { worklet: string; children: ComponentChildren }) {
  return <voice-recorder data-worklet={worklet}>{children}</voice-recorder>
}
