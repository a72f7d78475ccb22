// Lines / call-trouble: whose fault it is that a call was not placed, from the code that was kept with its end. Pure. Called through the
// door by whoever says what became of a call. Codes: telephony.md §1.10; what nobody listed is nobody's word, and is not called a fault
// of the person's telephone.

/**
 * `ours`: our request, our account or our server. `provider`: it was not there, failed, or could not carry the call. `too late`: the line
 * did not come to it while it was of use. `no word`: it was asked for, and nobody could tell us what became of it.
 */
export type CallTrouble = 'ours' | 'provider' | 'too late' | 'no word'

const ours = new Set([
  ...[
    '20003',
    '10001',
    '30002',
    '21201',
    '21205',
    '21208',
    '21213',
    '21210',
    '21212',
    '21219',
    '13227',
    '21215',
  ],
  ...['21408', '11200', '11205', '11210', '12100', '12200', '12300', '13420', 'no provider'],
])
const providers = new Set(['20429', '10004', '22005', '30001', '20500', '20503', '32017', '13224'])

/** @param code as it stands in `result_code`; null when there was none */
export function callTroubleOf(code: string | null): CallTrouble {
  if (code === null || code === 'no word' || code === 'not found') return 'no word'
  if (code === 'too late') return 'too late'
  if (ours.has(code)) return 'ours'
  // a network that failed, an error of the provider's, a SIP answer of its network
  if (providers.has(code) || /^(E[A-Z_]+|HTTP 5\d\d.*|[3-6]\d\d)$/.test(code)) return 'provider'
  return 'no word'
}

/** The end of a sentence about one ring: "Ring 1, 9:30am: …". */
export const callTroubleInWords: Readonly<Record<CallTrouble, string>> = {
  ours: 'the call could not be made, and that is our fault',
  provider: 'the call could not be made, and that is the telephone company’s fault',
  'too late': 'our line did not come to this call in time, and that is our fault',
  'no word': 'we asked for the call, and nobody could tell us whether it rang',
}
