// Past: the room of what is long over. The door: other rooms enter here and nowhere else.
//
// Owns: the schema `past`, and past_look. Takes rows out of the tables of calls, alerts and lines.
// Promises: a call that has been over for three months is kept with all that belongs to it (attempts, history, alerts, notifications,
//   what was said with the provider), whole and as it was, in tables by month; so the living tables, and all that works on them, stay
//   as small as three months are. Nothing is ever in both or in neither.
// Never: touches what is not over: a call whose alert nobody has ended stays where it is, however old. Changes or deletes a row.
//
// Whoever shows the past reads it through db/past.ts. A call never needs this room: when it stands still, the living tables grow.
export { pastActors } from './sweep.ts'
