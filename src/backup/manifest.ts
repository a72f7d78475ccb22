// Backup / manifest: what a backup says of itself, in manifest.json: what it was made of, and how to see whether it is whole. It holds
// no secret and no person's data. Pure; called by make.ts and restore.ts.
import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)

/** It becomes part of a statement, so it may say nothing else. */
const bound = z.string().regex(/^(DEFAULT|FOR VALUES (FROM \([^;]*\) TO|IN|WITH) \([^;]*\))$/)

const tableSchema = z.object({
  schema: name,
  name,
  /** those that are written and read; generated ones make themselves */
  columns: z.array(name),
  /** of what is in it; see digest.ts */
  rows: z.int().min(0),
  digest: sha256,
  /** of its file, within the backup: the text of COPY, packed by gzip */
  file: z.string().regex(/^tables\/[A-Za-z0-9_.]+\.copy\.gz$/),
  bytes: z.int().min(0),
  checksum: sha256,
})

const manifestSchema = z.object({
  /** of this description and of what lies beside it */
  format: z.literal(1),
  /** of the application's clock, when the snapshot was taken */
  madeAt: z.iso.datetime(),
  /** of the server, e.g. 180001 */
  postgresVersion: z.int(),
  /** the files of db/migrations that had been applied */
  migrations: z.array(z.string().regex(/^[0-9]{4}_[a-z0-9_]+\.sql$/)),
  tables: z.array(tableSchema),
  /** partitions of tables, with what belongs into each in PostgreSQL's own words */
  partitions: z.array(z.object({ schema: name, name, ofSchema: name, of: name, bound })),
  sequences: z.array(z.object({ schema: name, name, value: z.string(), isCalled: z.boolean() })),
  /** `checksum` is that of the list of them, recordings.sha256 */
  recordings: z.object({ files: z.int().min(0), bytes: z.int().min(0), checksum: sha256 }),
})

export type Manifest = z.output<typeof manifestSchema>
export type TableInBackup = Manifest['tables'][number]
export type PartitionInBackup = Manifest['partitions'][number]
export type SequenceInBackup = Manifest['sequences'][number]

/** Of recordings.sha256, which `sha256sum -c` reads too. */
export interface ListedFile {
  /** within the folder of recordings, with `/` */
  path: string
  checksum: string
}

export const writeManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`

/** Null when it is not one that we can read. */
export function readManifest(text: string): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export const writeList = (files: readonly ListedFile[]): string =>
  files.map(({ path, checksum }) => `${checksum}  recordings/${path}\n`).join('')

/** Null when a line is none of ours: nothing may be read or written beside the folder. */
export function readList(text: string): ListedFile[] | null {
  const files: ListedFile[] = []
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const found = /^([0-9a-f]{64}) {2}recordings\/([a-z0-9-]+(?:\/[a-z0-9-]+)*)$/.exec(line)
    if (!found) return null
    files.push({ checksum: found[1]!, path: found[2]! })
  }
  return files
}
