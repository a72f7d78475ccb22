// Services: the room of what is set up for one call receiver. The door: other rooms enter here and nowhere else.
//
// Owns: service, stakeholder, pause.
// Promises: one answer to "how is this person rung, when not, and who is told", the same for every room.
// Never: rings, plans or alerts. It says what was agreed; other rooms act on it.

export { pinShape } from './pin.ts'
export {
  type AlertReceiver,
  addPause,
  addRole,
  alertReceivers,
  changeService,
  createService,
  endPauses,
  endService,
  isPaused,
  type Pause,
  type PauseWanted,
  pausesFrom,
  pausesOn,
  type RungService,
  type ServiceListed,
  type ServicePlan,
  type ServiceWanted,
  type Stakeholder,
  type StakeholderWanted,
  serviceFor,
  servicePlan,
  servicePlans,
  servicesFor,
  servicesRinging,
  setPin,
  setStakeholders,
  stakeholdersOf,
} from './store.ts'
