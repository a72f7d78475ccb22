// Queue / actor: what a worker drives. Every part of CallAssist that acts by time is an actor: the sweepers of
// calls, alerts, schedules and e-mail, the dispatcher of each line, and on a laptop the exchange.

export interface Actor {
  /** The room's word, for logs. */
  readonly name: string
  /** It looks and tidies up: nothing of what it does by time is worth waiting for on a laptop's clock. */
  readonly isQuiet?: true
  /** In real time it goes round by itself, beside the others: nobody waits for it, and it waits for nobody. */
  readonly goesBeside?: true
  /** In real time its turn comes when all others have gone round since its last. */
  readonly goesLast?: true
  /** Do what is due at `now`, at most one bounded batch. Returns how many things were done: 0 means nothing is due. */
  runDue(now: Date): Promise<number>
  /** The earliest instant at which this actor will have something to do, or null. May lie in the past. */
  nextAt(): Promise<Date | null>
  /** Wait for what was begun beside the loop. Called once the loop has stopped. */
  finish?(): Promise<void>
}
