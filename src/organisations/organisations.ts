// Organisations: the room of tenants and of those who watch their queues. The door.
//
// Owns: organisation, member.
export { ensureOperator, familiesOrganisation, isOperator, membershipsOf, operatorFor, type Operator, operatorsOf, organisationName, watchersOf } from './store.ts'
