// The checks that need nothing running, each one program. Used by `npm run check` and `npm test`.
import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { inRoot, root } from '../build/fresh.ts'

export interface Stage {
  name: string
  program: string
  args: readonly string[]
}

export const checks: readonly Stage[] = [
  { name: 'types', program: 'typescript/bin/tsc', args: ['--noEmit'] },
  {
    name: 'style',
    program: '@biomejs/biome/bin/biome',
    args: ['ci', '--colors=off', '--max-diagnostics=30'],
  },
  {
    name: 'import rules',
    program: 'dependency-cruiser/bin/dependency-cruiser.mjs',
    args: ['--config', '.dependency-cruiser.mjs', 'src', 'test'],
  },
]

/** Runs one check and prints one line; what it said is printed only when it failed. @returns whether it passed */
export async function passes({ name, program, args }: Stage): Promise<boolean> {
  const began = performance.now()
  const { code, said } = await runTool(program, args, 'kept')
  console.log(
    `${name}: ${code === 0 ? 'passed' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  )
  if (code !== 0) console.log(said.trim())
  return code === 0
}

/** Runs a tool of node_modules with this same Node. */
export function runTool(
  program: string,
  args: readonly string[],
  output: 'kept' | 'shown',
): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [inRoot('node_modules', program), ...args], {
    cwd: root,
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` },
    stdio: output === 'kept' ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  })
  const words: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => words.push(text))
  return new Promise((done) => {
    const release = handOn(child)
    child.on('error', (error) => done({ code: 1, said: error.message }))
    child.on('close', (code) => {
      release()
      done({ code: code ?? 1, said: words.join('') })
    })
  })
}

/** A signal to us is the tool's to obey: it cleans up, then we end. @returns what takes that back */
function handOn(child: ChildProcess): () => void {
  const atTerminal = process.stdout.isTTY || process.stderr.isTTY
  const heard = (signal: NodeJS.Signals) => {
    child.once('close', () => process.exit(1))
    // Ctrl-C at a terminal has reached the tool already
    if (signal !== 'SIGINT' || !atTerminal) child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, heard)
  return () => {
    for (const signal of signals) process.off(signal, heard)
  }
}
