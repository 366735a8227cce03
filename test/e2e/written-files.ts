import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The lines of every file that an example wrote, by the name of the file without its day, in a form that is the same in
 * every run.
 */
export function readWrittenFiles(folder: string): Record<string, unknown[]> {
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jsonl'),
  );
  const names = new Map<string, string>();
  return Object.fromEntries(
    paths.toSorted().map((path) => {
      const lines = readFileSync(join(folder, path), 'utf8').trimEnd().split('\n');
      return [path.replace(/_\d{8}/, ''), lines.map((line) => normalised(JSON.parse(line), '', names))];
    }),
  );
}

const TIMES = /^(start_time|end_time|timestamp|amended_at)$/;
const ID = /^(id|trace_id|parent_id)$/;

function normalised(value: unknown, key: string, names: Map<string, string>): unknown {
  if (key === 'duration_ms' || key.endsWith('time_to_first_chunk')) return 0;
  if (TIMES.test(key)) return 'some time';
  if (typeof value === 'string' && ID.test(key)) return renamed(value, names);
  if (Array.isArray(value)) return value.map((item) => normalised(item, '', names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, normalised(item, name, names)]),
  );
}

/** Ids of spans and traces are hexadecimal; an id of the program's own stays. */
function renamed(id: string, names: Map<string, string>): string {
  if (!/^([0-9a-f]{16}|[0-9a-f]{32})$/.test(id)) return id;
  const name = names.get(id) ?? `id-${names.size + 1}`;
  names.set(id, name);
  return name;
}
