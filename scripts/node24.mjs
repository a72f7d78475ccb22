// Runs one of this folder's commands with the Node.js that CallAssist is made for, whichever `node` is installed:
// `node scripts/node24.mjs COMMAND …`. Plain JavaScript that an old Node reads as well.
//
// The pinned Node 24 comes from npm as an optional package per platform. (The package `node` would fetch it in an
// install script, which many people rightly switch off.) Where there is none, a Node from 22.18 on will do.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const scripts = dirname(fileURLToPath(import.meta.url))
const modules = join(scripts, '..', 'node_modules')
const windows = process.platform === 'win32'

const command = process.argv[2] ?? ''
const script = join(scripts, `${command}.ts`)
if (!/^[a-z]+$/.test(command) || !existsSync(script))
  fail(`There is no command "${command}" here: CONTRIBUTING.md lists them.`)
if (!existsSync(modules)) fail('CallAssist is not installed yet: run "npm ci" first.')

const pinned = pinnedNode()
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (!pinned && (major < 22 || (major === 22 && minor < 18))) {
  fail(
    `CallAssist needs Node.js 24 (22.18 or newer will do), this is ${process.version}, and npm has none for ${process.platform}-${process.arch}: install Node.js 24 from nodejs.org and try again.`,
  )
}

// npm starts us through a shell, and a signal to npm ends the shell only: take the shell's end for that signal
if (process.env.npm_lifecycle_event && !windows) {
  const shell = process.ppid
  const look = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(look)
    process.kill(process.pid, 'SIGTERM')
  }, 300)
  look.unref()
}

// Node 22 and 23 say of every TypeScript file that reading it is an experiment
const quiet = '--disable-warning=ExperimentalWarning'
const isRight = pinned ? realpathSync(pinned) === realpathSync(process.execPath) : major >= 24
if (isRight || process.execArgv.includes(quiet)) await import(pathToFileURL(script).href)
else await runWith(pinned ?? process.execPath)

/** @returns {string | null} */
function pinnedNode() {
  const program = windows ? 'node.exe' : 'node'
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const places = [join(modules, name, 'bin', program), join(modules, '.bin', program)]
  return places.find((place) => existsSync(place)) ?? null
}

/** Starts the command anew, hands signals on, and ends as it ends. */
async function runWith(node) {
  const child = spawn(node, [quiet, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  // Ctrl-C at a terminal reaches the child by itself; a second one would mean "at once"
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => atTerminal || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const [code, signal] = await new Promise((done) => {
    child.on('error', (error) => fail(`${node} cannot be run: ${error.message}`))
    child.on('exit', (...how) => done(how))
  })
  if (signal) {
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  }
  process.exit(code ?? 1)
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
