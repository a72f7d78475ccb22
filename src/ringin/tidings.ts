// Ringin / tidings: what stakeholders are told of beside alerts. Pure data; said by words-of-news.ts.

/** Who did it: the receiver, who rang in; or a stakeholder, on a page. */
export type Doer = { is: 'receiver' } | { is: 'stakeholder'; name: string }

/** Somebody gets no more texts, or gets them again, in the words of the room of opt-outs: what it means, and how it is undone. */
export interface OfTexts {
  what: 'texts'
  headline: string
  meaning: string
  undo: string | null
}

/** To all but the receiver. */
export type Change =
  | OfTexts
  /** local dates of the receiver, both inclusive */
  | { what: 'paused'; from: string; to: string; by: Doer }
  | { what: 'stopped'; by: Doer }
  | { what: 'started again'; by: Doer }

export type Tidings =
  | Change
  /** to whoever accepted an alert by ringing in, at their own number: it may have been forged, and getting in is for them alone */
  | { what: 'accepted' }
