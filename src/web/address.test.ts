import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressBehind, network } from './address.ts'

test.each<[string, string, string, number, string]>([
  ['no proxy, nothing said', '203.0.113.9', '', 0, '203.0.113.9'],
  ['no proxy of ours: what is said is not believed', '203.0.113.9', '198.51.100.1', 0, '203.0.113.9'],
  ['one proxy', '10.0.0.1', '203.0.113.9', 1, '203.0.113.9'],
  [
    'one proxy: what the visitor wrote before it is not believed',
    '10.0.0.1',
    '127.0.0.1, 203.0.113.9',
    1,
    '203.0.113.9',
  ],
  ['two proxies', '10.0.0.1', '1.2.3.4, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
  ['fewer stations than proxies: the first there is', '10.0.0.1', '203.0.113.9', 3, '203.0.113.9'],
  ['one proxy that says nothing', '10.0.0.1', '', 1, '10.0.0.1'],
  ['one proxy that says nonsense', '10.0.0.1', 'unknown', 1, '10.0.0.1'],
  ['with a port', '10.0.0.1', '203.0.113.9:51234', 1, '203.0.113.9'],
  ['IPv6 in brackets, with a port', '10.0.0.1', '[2001:db8:1:2:3:4:5:6]:443', 1, '2001:db8:1:2::'],
  ['a listener for both', '::ffff:203.0.113.9', '', 0, '203.0.113.9'],
])('%s', (_, peer, forwarded, hops, address) => expect(addressBehind(peer, forwarded, hops)).toBe(address))

test.each([
  ['2001:db8::1', '2001:db8:0:0::'],
  ['2001:db8:0:0:ffff::', '2001:db8:0:0::'],
  ['2001:DB8:1:2::', '2001:db8:1:2::'],
  ['::1', '0:0:0:0::'],
  ['fe80::1%eth0', 'fe80:0:0:0::'],
  ['::ffff:7f00:1', '127.0.0.1'],
  ['localhost', null],
  ['', null],
  ['1.2.3', null],
])('%s is %s', (written, known) => expect(network(written)).toBe(known))

test('whatever a visitor writes, behind our proxies he is who the outermost of them was asked by', () => {
  const visitor = '203.0.113.9'
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 5 }), (written, hops) => {
      const proxies = Array.from({ length: hops - 1 }, (_, place) => `10.0.0.${place + 2}`)
      const forwarded = [written.replaceAll(/[\r\n]/g, ''), visitor, ...proxies].join(', ')
      expect(addressBehind('10.0.0.1', forwarded, hops)).toBe(visitor)
    }),
  )
})
