// Organisations: the room of tenants and of those who watch their queues. The door.
//
// Owns: organisation, member.
export {
  countriesOf,
  countriesOfAll,
  ensureOperator,
  familiesOrganisation,
  isOperator,
  membershipsOf,
  type Operator,
  operatorFor,
  operatorsOf,
  organisationName,
  watchersOf,
} from './store.ts'
