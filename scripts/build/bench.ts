// Builds the bench beside the product, by the same tool and for the same Node, so that what it measures is what runs.
import { dist, inRoot } from './fresh.ts'

export async function buildBench(): Promise<void> {
  const esbuild = await import('esbuild')
  await esbuild.build({
    entryPoints: {
      bench: inRoot('bench', 'bench.ts'),
      'bench-load': inRoot('bench', 'load-process.ts'),
      'bench-worker': inRoot('bench', 'worker-process.ts'),
      grow: inRoot('bench', 'growth', 'main.ts'),
    },
    outdir: dist,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node22.18',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  })
}
