// Forecast: the room that looks a day ahead: how late calls will be on these lines. The door: other rooms enter here and nowhere else.
//
// Owns: forecast_look, forecast_warning.
// Promises: counts every call that is planned in the coming day, of every organisation, and the second tries that experience adds;
//   warns once, before it happens, of a peak whose last call would be more than five minutes late.
// Never: changes when anything leaves. The dispatcher keeps the order, the operators the lines.
export { dayAhead, tooLateMs } from './ahead.ts'
export { forecastActors } from './sweep.ts'
