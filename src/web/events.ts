// Web / events: a page's event stream (server-sent events, HTML Standard §9.2). The events carry ids, never content: the
// page fetches itself again with the visitor's own rights. Called by rooms with live pages.
import type { Context } from 'hono'
import type { WebEnv } from './env.ts'

export interface LiveEvent {
  /** Comes back as `lastEventId` after a dropped link. */
  id?: string
  /** 'change' when not given. No line ends. */
  event?: string
  data?: string
}

export type Send = (event: LiveEvent) => void

/** Starts to listen, and returns how to stop. `lastEventId` is what the browser heard last before the link dropped, or null. */
export type Subscribe = (send: Send, lastEventId: string | null) => (() => void) | Promise<() => void>

const keepAliveMs = 15_000
const retryMs = 2_000
/** A browser that has not read this many events is gone or asleep; it will come back and load the page afresh. */
const mostUnread = 100

/**
 * An answer that stays open until the browser leaves. Proxies are told not to hold it back.
 * @throws HTTPException 429 for somebody who has very many open already
 */
export function eventStream(c: Context<WebEnv>, subscribe: Subscribe): Response {
  const leavePlace = c.get('streamPlace')?.()
  const lastEventId = c.req.header('last-event-id')?.slice(0, 200) ?? null
  const encoder = new TextEncoder()
  let stop = () => {}

  const stream = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        let open = true
        let unsubscribe: (() => void) | null = null
        const write = (text: string) => {
          if (!open) return
          if ((controller.desiredSize ?? 0) < -mostUnread) return stop()
          controller.enqueue(encoder.encode(text))
        }
        const keepAlive = setInterval(() => write(': still here\n\n'), keepAliveMs)
        keepAlive.unref()
        stop = () => {
          if (!open) return
          open = false
          clearInterval(keepAlive)
          leavePlace?.()
          unsubscribe?.()
          try {
            controller.close()
          } catch {
            // The browser has closed it already.
          }
        }
        c.req.raw.signal.addEventListener('abort', () => stop(), { once: true })
        write(`retry: ${retryMs}\n\n`)
        unsubscribe = await subscribe((event) => write(lines(event)), lastEventId)
        if (!open) unsubscribe()
      },
      cancel: () => stop(),
    },
    { highWaterMark: 1 },
  )

  return new Response(stream, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
  })
}

function lines({ id, event = 'change', data = '' }: LiveEvent): string {
  const oneLine = (text: string) => text.replaceAll(/[\r\n\0]/g, ' ')
  const idLine = id === undefined ? '' : `id: ${oneLine(id)}\n`
  return `${idLine}event: ${oneLine(event)}\n${data
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join('')}\n`
}
