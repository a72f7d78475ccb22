// Bench / load process: asks a server for things, so many at once, from a process of its own, and says how long each took.
import { Agent, request } from 'node:http'
import { taskOf } from './child.ts'

export interface LoadTask {
  port: number
  atOnce: number
  posts: readonly { path: string; body: string; headers: Readonly<Record<string, string>> }[]
}

/** Milliseconds from asking to the last byte; of each post. */
export type LoadSays = number[]

const { port, atOnce, posts } = await taskOf<LoadTask>()
const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
const took: LoadSays = []
let next = 0
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let post = posts[next++]; post; post = posts[next++]) took.push(await timed(post))
  }),
)
process.send!(took)

function timed({ path, body, headers }: LoadTask['posts'][number]): Promise<number> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () =>
          answer.statusCode === 200
            ? resolve(performance.now() - began)
            : reject(new Error(`answered with ${answer.statusCode}`)),
        )
      },
    )
    asking.on('error', reject)
    asking.end(body)
  })
}
