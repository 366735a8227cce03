import type { StoreStats } from '../store/store.js';
import type { Command } from './command.js';
import { formatBytes, formatCount } from './format.js';
import { toSafeJson, toSafeText } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

/** `spoor stats`: how much a store holds. */
export const statsCommand: Command = {
  name: 'stats',
  summary: 'Say how much a store holds, and in which dialects it was sent.',
  positionals: [],
  options: { ...SOURCE_OPTIONS, json: { type: 'boolean', summary: 'Print the counts as JSON.' } },
  async run(input, terminal) {
    const stats = await withTrailSource(input, terminal, (source) => source.stats());
    terminal.out(input.has('json') ? `${toSafeJson(stats, 2)}\n` : render(stats));
    return 0;
  },
};

function render({ spans, logs, sessions, bytes, dialects }: StoreStats): string {
  const byCount = Object.entries(dialects).toSorted((a, b) => b[1] - a[1]);
  return [
    `sessions  ${formatCount(sessions)}`,
    `spans     ${formatCount(spans)}`,
    `logs      ${formatCount(logs)}`,
    `bytes     ${formatBytes(bytes)}`,
    ...byCount.map(([name, count]) => `  ${toSafeText(name)}  ${formatCount(count)} spans`),
    '',
  ].join('\n');
}
