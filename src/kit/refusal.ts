// Kit / refusal: trouble at the start that the person at the terminal can put right. Thrown by config and db,
// printed by main.ts as it stands, without a stack.

/** The message is one clear sentence that says what to do. The process then ends with a non-zero code. */
export class StartRefusal extends Error {
  override name = 'StartRefusal'
}
