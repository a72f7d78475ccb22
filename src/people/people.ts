// People: the room of people. The door: other rooms enter here and nowhere else.
//
// Owns: person. People are entered once and pointed at by roles.
// Promises: whoever signs in acts as one person of an organisation. A contact that somebody else entered is that person's
//   own entry, even with the same address, so that nobody can turn another's alerts to a number of theirs.
export {
  changePerson,
  confirmNumber,
  createPerson,
  denyNumber,
  findOrCreateByEmail,
  type PersonWanted,
  personById,
  personsEverywhere,
  replacePerson,
  standingOfNumber,
} from './store.ts'
