/** How numbers are said to a person. All pure; times are local to the reader. */

const NONE = '–';

/** `0.4 ms`, `312 ms`, `4.2 s`, `3 min 12 s`, `2 h 5 min`. A dash when unknown. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms) || ms < 0) return NONE;
  if (ms < 10) return `${trim(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trim(ms / 1_000, ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** `1,234`. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? NONE : count.toLocaleString('en-US');
}

/** `987`, `12.3k`, `4.56M`: for columns; the full number goes into a title. */
export function formatCompact(count: number | undefined): string {
  if (count === undefined) return NONE;
  if (count < 1_000) return String(count);
  if (count < 999_950) return `${trim(count / 1_000, 1)}k`;
  return `${trim(count / 1_000_000, 2)}M`;
}

/** US dollars: `$12.30`, `$0.0042`. */
export function formatCost(cost: number | undefined): string {
  if (cost === undefined) return NONE;
  if (cost === 0) return '$0';
  return cost >= 1 ? `$${cost.toFixed(2)}` : `$${trim(cost, Math.min(8, 2 - Math.floor(Math.log10(cost))))}`;
}

/** The time of day, with the date when it is not today's. */
export function formatTime(ms: number, nowMs: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return NONE;
  const time = date.toLocaleTimeString('en-GB');
  if (date.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}, ${time}`;
}

/** `1 step`, `2 steps`. */
export function formatPlural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

const ONE_LINE = 72;

/** Text as it is, anything else as JSON: on one line when it is short. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  const line = JSON.stringify(value) ?? NONE;
  return line.length <= ONE_LINE ? line : JSON.stringify(value, null, 2);
}

function trim(value: number, digits: number): string {
  const fixed = value.toFixed(digits);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
