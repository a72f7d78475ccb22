// Lines / phone: the provider of a line, for rooms that need more of it than calls and texts. Called through the door.
import type { App } from '../app.ts'
import type { Phone } from '../outside/phone/port.ts'
import { lineCalled } from './line/store.ts'

/** Null when the line is no more, or its provider is not configured any more. */
export async function phoneOfLine(app: App, lineId: string): Promise<Phone | null> {
  const line = await app.db.look((tx) => lineCalled(tx, lineId))
  return line && app.phones.of(line.provider)
}
