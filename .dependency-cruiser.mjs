// The import rules of this house (ARCHITECTURE.md). `npm run check` and `npm test` hold every file to them.
//
// src/ has rooms (calls, alerts, lines, …) and common ground that every room stands on (kit, db, queue, outside, web).
const commonGround = '(?:kit|db|queue|outside|web)/'
const room = `^src/(?!${commonGround})[^/]+/`
const test = '[.]test[.]tsx?$'

export default {
  forbidden: [
    {
      name: 'through-the-door',
      comment:
        'A room is entered through its door only: src/ROOM/ROOM.ts. Put what you need there, or ask the room to.',
      severity: 'error',
      // a rehearsal puts a whole world together; the example lives through one
      from: { path: '^src/([^/]+)/', pathNot: ['^src/rehearsal/', '^src/example/(?:main|village)[.]ts$'] },
      to: { path: room, pathNot: ['^src/$1/', '^src/([^/]+)/\\1[.]tsx?$'] },
    },
    {
      name: 'tests-through-the-door',
      comment:
        'Tests of several rooms see them as other rooms do; only what is pure (machines, words) may be used by itself.',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/(?:simulation|mutation)/' },
      to: {
        path: room,
        pathNot: [
          '^src/([^/]+)/\\1[.]tsx?$',
          '^src/[^/]+/(?:machine|recurrence)[.]ts$',
          '/words[^/]*[.]ts$',
          '^src/(?:exchange|rehearsal)/',
        ],
      },
    },
    {
      name: 'simulations-are-pure',
      comment:
        'A hundred thousand lives are lived without a database: machines and what they decide with, no shell.',
      severity: 'error',
      // but for the test that lays the copies of the shells beside the shells
      from: { path: '^test/simulation/', pathNot: 'differential[.]test[.]ts$' },
      to: {
        path: '/(?:store|advance|sweep|pages|voice)[.]tsx?$|(?:^|/)node_modules/(?:kysely|pg)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'machines-are-pure',
      comment:
        'A machine decides and does nothing: it knows kit/ and what its own room is made of, and no package.',
      severity: 'error',
      from: { path: '^src/([^/]+)/machine[.]ts$' },
      to: { pathNot: ['^src/kit/', '^src/$1/'] },
    },
    {
      name: 'machines-touch-no-shell',
      comment: 'A machine does not reach for rows, pages or the telephone, not even in its own room.',
      severity: 'error',
      from: { path: '/machine[.]ts$' },
      to: { path: '/(?:store|advance|sweep|pages|voice)[.]tsx?$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'common-ground-knows-no-room',
      comment: 'What every room stands on cannot stand on a room.',
      severity: 'error',
      from: { path: `^src/${commonGround}`, pathNot: test },
      to: { path: [room, '^src/[^/]+$'], pathNot: '^src/config[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'kit-knows-only-kit',
      comment: 'kit/ holds small pure helpers.',
      severity: 'error',
      from: { path: '^src/kit/', pathNot: test },
      to: { path: '^src/', pathNot: '^src/kit/' },
    },
    {
      name: 'sql-in-stores',
      comment:
        'Queries stand in store.ts files (and in db/, the bell of queue/, the adapter of the sign-in library, and where a process is put together).',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/db/',
          '/store[.]ts$',
          '^src/queue/',
          '^src/rehearsal/',
          '^src/[^/]+$',
          '^src/signin/auth[.]ts$',
          test,
        ],
      },
      to: { path: '(?:^|/)node_modules/(?:kysely|pg)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'exchange-is-a-stand-in',
      comment: 'Nothing in production leans on the exchange: the app puts it in, and tests use it.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/exchange/', '^src/rehearsal/', '^src/[^/]+$', test] },
      to: { path: '^src/exchange/' },
    },
    {
      name: 'no-circles',
      comment: 'Files that need each other are one file, or want a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: ['^test/', test] },
    },
    {
      name: 'only-shipped-packages',
      comment: 'What the server imports is in "dependencies", not in "devDependencies".',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'peers-of-the-bench-alone',
      comment: 'The job libraries are measured beside us. No job of ours is theirs (docs/decisions/0035).',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '(?:^|/)node_modules/(?:graphile-worker|pg-boss)/' },
    },
    {
      name: 'found',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no interface for tools yet
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|data)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
