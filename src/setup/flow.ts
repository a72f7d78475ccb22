// Setup / flow: the order of the questions, which of them is the first open one, and where to go after an answer. Pure.
// Called by pages.tsx and by finishing.
//
// The list of calls stands right after the first call's questions, so that it can be looked at while a further call is
// half answered; those calls' questions follow it.
import type { Answers } from './answers.ts'
import type { Asking, From, Step } from './step.tsx'
import { alerts } from './steps/alerts.tsx'
import { calls } from './steps/calls.tsx'
import { contactStep, meStep } from './steps/contact.tsx'
import { delivery, notes } from './steps/last.tsx'
import { callSteps } from './steps/one-call.ts'
import { numbers, receiver, yourName } from './steps/who.tsx'

/** The questions of this set-up in their order. An answer can add or take away some that follow it. */
export function flowOf(a: Answers): Step[] {
  const [first, ...others] = a.calls
  return [
    ...(a.isNameKnown ? [] : [yourName]),
    receiver,
    numbers,
    ...(first ? callSteps(a, first) : []),
    calls,
    ...others.flatMap((call) => callSteps(a, call)),
    alerts,
    notes,
  ]
}

/** Pages that stand beside the way. */
function besides(a: Answers): Step[] {
  const contacts = a.contacts.filter((contact) => !contact.isMe).map(({ key }) => contactStep(key))
  const name = a.isNameKnown ? [{ ...yourName, beside: 'check' }] : []
  return [...name, meStep, contactStep('new'), ...contacts, delivery]
}

/** The question at this address, or null when this set-up has none there. */
export function stepAt(a: Answers, path: string): Step | null {
  return [...flowOf(a), ...besides(a)].find((step) => step.path === path) ?? null
}

/** The first question without an answer that holds, or null when all is answered. */
export function firstOpen(a: Answers, asking: Asking): Step | null {
  return flowOf(a).find((step) => !step.isDone(a, asking)) ?? null
}

/** The open question that must be answered before this page can be shown, or null. `path` may be 'check'. */
export function openBefore(a: Answers, path: string, asking: Asking): Step | null {
  const flow = flowOf(a)
  const here = stepAt(a, path)
  const end = flow.findIndex((step) => step.path === (here?.beside ?? path))
  return flow.slice(0, end < 0 ? undefined : end).find((step) => !step.isDone(a, asking)) ?? null
}

/** Where an answer at `path` leads: its query tells the next page where the person came from. */
export function nextAfter(a: Answers, path: string, from: From | null, asking: Asking): string {
  const flow = flowOf(a)
  if (from === 'calls') {
    const call = a.calls.find(({ key }) => path.startsWith(`calls/${key}/`))
    const own = call && callSteps(a, call).find((step) => !step.isDone(a, asking))
    return own ? `${own.path}?from=calls` : 'calls'
  }
  const open = firstOpen(a, asking)
  if (!open) return 'check'
  if (from) return `${open.path}?from=${from}`
  // further calls, which follow the list, were answered from it
  if (path === calls.path) return open.path
  const place = flow.findIndex((step) => step.path === path)
  return flow[place + 1]?.path ?? open.path
}

/** Where "Back" leads: the page that the Change link stood on, else the question before; null before the first. */
export function backFrom(a: Answers, path: string, from: From | null): string | null {
  const beside = stepAt(a, path)?.beside
  if (beside) return beside === 'alerts' && from ? `alerts?from=${from}` : beside
  if (from) return from
  if (path === alerts.path) return calls.path
  const flow = flowOf(a)
  const place = path === 'check' ? flow.length : flow.findIndex((step) => step.path === path)
  return flow[place - 1]?.path ?? null
}
