// Setup / steps / one call: which questions one call has, in their order. Pure. Called by flow.ts and by the list of calls.
import type { Answers, DraftCall } from '../answers.ts'
import type { Step } from '../step.tsx'
import { byStep, isByAsked } from './by.tsx'
import { daysStep, kindStep, timeStep } from './call.tsx'
import { listenStep, messageStep, presetStep, recordingStep, textStep } from './message.tsx'

export function callSteps(a: Pick<Answers, 'phones'>, call: DraftCall): Step[] {
  const { key } = call
  const by = isByAsked(a, call) ? [byStep(key)] : []
  return [kindStep(key), ...by, daysStep(key), timeStep(key), messageStep(key), ...heardSteps(call)]
}

function heardSteps({ key, heard, recordingId }: DraftCall): Step[] {
  switch (heard) {
    case 'preset':
      return [presetStep(key)]
    case 'spoken':
      return [textStep(key)]
    case 'recording':
      return recordingId === null ? [recordingStep(key)] : [recordingStep(key), listenStep(key)]
    case null:
      return []
  }
}
