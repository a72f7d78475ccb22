// Verification / judge: whether what was typed is the code that was sent. Pure. Called by send.ts.

export const goodForMinutes = 30
export const triesAtMost = 5

export type Judged = 'right' | 'wrong' | 'too late' | 'too often' | 'none'

/** @param sent the code sent last that was not ended; null: none was */
export function judge(
  sent: { sentAt: Date; tries: number; digits: string } | null,
  typed: string,
  now: Date,
): Judged {
  if (!sent) return 'none'
  if (now.getTime() >= sent.sentAt.getTime() + goodForMinutes * 60_000) return 'too late'
  if (sent.tries >= triesAtMost) return 'too often'
  return typed.replaceAll(/\D/g, '') === sent.digits ? 'right' : 'wrong'
}
