// Calls / words: every sentence of this room that a person hears or reads. Pure. Plain British English for an ear of
// eighty: short sentences, the key named last in its sentence, never a sentence about what a person did wrong.

/** What is said on the telephone. `name` is the receiver's. */
export const spoken = {
  hello: (name: string): string => `Hello ${name}. This is your call from CallAssist.`,
  helloTest: (name: string): string => `Hello ${name}. This is a test call from CallAssist.`,
  pressAnyKey: (): string => 'To tell us that you have heard this, please press any key on your telephone.',
  pressForHelp: (helpKey: string): string => `If you need somebody, press ${helpKey}.`,
  pressToRepeat: (): string => 'To hear it again, press the star key.',
  pressAnyKeyAgain: (name: string): string =>
    `Are you there, ${name}? Please press any key on your telephone, so that we know you are there.`,
  noted: (name: string): string => `Thank you, ${name}. We have noted that you have heard this.`,
  notedTest: (name: string): string => `Thank you, ${name}. The test worked: your key has reached us.`,
  help: (name: string): string =>
    `All right, ${name}. We will find somebody for you now. If it is an emergency, hang up and ring 9 9 9.`,
  helpTest: (name: string): string =>
    `Thank you, ${name}. Your key has reached us. This is only a test, so nobody is being told. In a real call, we would find somebody for you now.`,
  noKeyYet: (): string => 'We have not heard a key, so we end this call now.',
  tooLate: (name: string): string =>
    `Hello ${name}. This is CallAssist. This call comes too late to be of use, so we do not play its message.`,
  alreadyNoted: (name: string): string =>
    `Hello ${name}. This is CallAssist. We have already heard that all is well, so this call is no longer needed.`,
  alreadyHelping: (name: string): string =>
    `Hello ${name}. This is CallAssist. We are finding somebody for you. If it is an emergency, hang up and ring 9 9 9.`,
  notToday: (name: string): string => `Hello ${name}. This is CallAssist. This call is no longer needed.`,
  goodbye: (): string => 'Goodbye.',
}

/** Why a call was skipped, as it is stored and shown. */
export const skippedBecause = {
  /** @param reason as a stakeholder gave it */
  paused: (reason: string): string => `Paused: ${reason}`,
  ended: (): string => 'The calls were stopped',
}
