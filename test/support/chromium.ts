// Where the Chromium for browser tests is: the setting CHROMIUM_PATH, the PATH, Playwright's own store; and how to get one
// when there is none. Asked once by `npm test`, and by browser.ts.
import { spawnSync } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Its path, or null. @throws when CHROMIUM_PATH names nothing that can be run: then it was meant, and is wrong */
export async function findChromium(environment: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const given = environment.CHROMIUM_PATH
  if (given) {
    if (await canRun(given)) return given
    throw new Error(`CHROMIUM_PATH is ${given}, and there is no program`)
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  for (const place of [...places, chromium.executablePath()]) if (await canRun(place)) return place
  return null
}

/**
 * Gets one, quietly: Debian's package when that is allowed here, else Playwright's download.
 * @throws with the reason of the last try
 */
export async function installChromium(): Promise<string> {
  const tried: string[] = []
  for (const install of [fromDebian, fromPlaywright]) {
    const trouble = install()
    const found = trouble === null ? await findChromium() : null
    if (found) return found
    tried.push(trouble ?? 'it was installed and is not to be found')
  }
  throw new Error(`no Chromium was found or could be installed (${tried.join('; ')})`)
}

async function canRun(path: string): Promise<boolean> {
  return (
    path !== '' &&
    access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
  )
}

function fromDebian(): string | null {
  if (process.geteuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 'not root on Debian'
  const patience = ['-o', 'DPkg::Lock::Timeout=300']
  return (
    run('apt-get', ['update', '-qq']) ??
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...patience, 'chromium'])
  )
}

function fromPlaywright(): string | null {
  const cli = fileURLToPath(new URL('../../node_modules/playwright-core/cli.js', import.meta.url))
  return run(process.execPath, [cli, 'install', 'chromium'])
}

/** @returns null when it worked, else what it said last */
function run(command: string, args: string[]): string | null {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 280_000,
  })
  if (status === 0) return null
  const last = `${stdout ?? ''}\n${stderr ?? ''}`.trim().split('\n').at(-1)
  return `${command} ${args[0]}: ${error?.message ?? last ?? `ended with ${status}`}`
}
