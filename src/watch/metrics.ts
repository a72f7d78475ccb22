// Watch / metrics: how everything stands, in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).
// Pure. Called by pages.tsx. Nothing personal: kinds, names of lines, counts and seconds.
import { kinds, type Rows, type Standing } from './types.ts'

interface Metric {
  name: string
  help: string
  values: readonly { labels?: Readonly<Record<string, string>>; value: number }[]
}

export function metrics(standing: Standing, now: Date): string {
  const { alarms, ageMs, rows } = standing
  const all: Metric[] = [
    {
      name: 'callassist_alarm',
      help: '1 while this kind of trouble is certain',
      values: kinds.map((kind) => ({
        labels: { kind },
        value: Number(alarms.some((alarm) => alarm.kind === kind)),
      })),
    },
    {
      name: 'callassist_watch_look_age_seconds',
      help: 'Seconds since everything was last looked at',
      values: ageMs === null ? [] : [{ value: ageMs / 1000 }],
    },
    ...(rows ? ofRows(rows, now) : []),
  ]
  return all.map(written).join('')
}

function ofRows(rows: Rows, now: Date): Metric[] {
  const secondsSince = (instant: Date) => Math.max(0, (now.getTime() - instant.getTime()) / 1000)
  const { beats, overdue, lines, watchCall } = rows
  return [
    { name: 'callassist_workers', help: 'Workers that are known', values: [{ value: beats.length }] },
    {
      name: 'callassist_worker_cycle_age_seconds',
      help: 'Seconds since any worker finished a cycle',
      values: beats.length === 0 ? [] : [{ value: Math.min(...beats.map(secondsSince)) }],
    },
    {
      name: 'callassist_overdue_seconds',
      help: 'How long the oldest row that is due has been due',
      values: [{ value: overdue ? secondsSince(overdue.wakeAt) : 0 }],
    },
    {
      name: 'callassist_line_waiting',
      help: 'Calls and texts that wait at a line',
      values: lines.map(({ line, waiting }) => ({ labels: { line: line.name }, value: waiting })),
    },
    {
      name: 'callassist_line_failed',
      help: '1 while the provider of a line has failed',
      values: lines.map(({ line }) => ({
        labels: { line: line.name },
        value: Number(line.health.is === 'failed'),
      })),
    },
    {
      name: 'callassist_watch_call_seconds',
      help: 'How long the latest call to ourselves took, once it is over',
      values: watchCall?.endedAt
        ? [{ value: (watchCall.endedAt.getTime() - watchCall.madeAt.getTime()) / 1000 }]
        : [],
    },
  ]
}

function written({ name, help, values }: Metric): string {
  if (values.length === 0) return ''
  const lines = values.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
    return `${name}${pairs.length > 0 ? `{${pairs.join()}}` : ''} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
