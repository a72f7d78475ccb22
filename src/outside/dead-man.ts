// Outside / dead man: says "I am alive" to an outside service that alarms somebody when it no longer hears so. Called by the watch.

const patienceMs = 10_000

/** @param url the operator's own setting. @returns whether it was heard, there and not elsewhere; never throws */
export async function sayAlive(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
