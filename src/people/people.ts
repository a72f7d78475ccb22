// People: the room of people. The door: other rooms enter here and nowhere else.
//
// Owns: person. People are entered once and pointed at by roles.
// Promises: one person of an organisation per e-mail address.
export { changePerson, createPerson, findOrCreateByEmail, type PersonWanted, personById, personsEverywhere } from './store.ts'
