// Exchange / flite: the body of the offline voice's worker thread. voice.ts starts it from its own source text, so that it runs the
// same from a bundle as from the sources: it must use nothing from outside itself.

/** One text at a time into one WAV file; answers each job with null, or with what went wrong. */
export function fliteWorker(): void {
  // node calls its WASI experimental, once per thread; the person who starts CallAssist need not read that
  process.emitWarning = () => {}
  const { WASI } = process.getBuiltinModule('node:wasi')
  const { closeSync, openSync, readFileSync } = process.getBuiltinModule('node:fs')
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const { wasm, dir } = workerData as { wasm: string; dir: string }
  const port = parentPort!
  const quiet = openSync(process.getBuiltinModule('node:os').devNull, 'w')
  const program = new WebAssembly.Module(readFileSync(wasm))
  port.on('close', () => closeSync(quiet))
  port.on(
    'message',
    ({ job, text, file, voice }: { job: number; text: string; file: string; voice: string }) => {
      let fault: string | null = null
      try {
        const args = ['flite', '-voice', voice, '-t', text, '-o', `/out/${file}`]
        const wasi = new WASI({
          version: 'preview1',
          args,
          preopens: { '/out': dir },
          returnOnExit: true,
          stdout: quiet,
          stderr: quiet,
        })
        // each text has an instance of its own: flite's memory never grows over a day
        const status = wasi.start(
          new WebAssembly.Instance(program, wasi.getImportObject() as WebAssembly.Imports),
        )
        if (status !== 0) fault = `ended with ${status}`
      } catch (error) {
        fault = error instanceof Error ? error.message : 'unknown'
      }
      port.postMessage({ job, fault })
    },
  )
}
