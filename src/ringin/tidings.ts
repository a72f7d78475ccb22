// Ringin / tidings: what the stakeholders of a service are told of beside alerts. Pure data; said by words-of-news.ts.

/** Who did it: the receiver, who rang in; or a stakeholder, on a page. */
export type Doer = { is: 'receiver' } | { is: 'stakeholder'; name: string }

export type Tidings =
  /** local dates of the receiver, both inclusive */
  | { what: 'paused'; from: string; to: string; by: Doer }
  | { what: 'stopped'; by: Doer }
  | { what: 'started again'; by: Doer }
