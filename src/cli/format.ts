import type { Status } from '../../semconv/model/observation.js';
import type { Usage } from '../../semconv/model/usage.js';

/** `34 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  if (ms < 0.95) return `${Math.max(0, ms).toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** `2026-11-22 10:00:00`, in UTC. */
export function formatTime(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? '?' : time.toISOString().slice(0, 19).replace('T', ' ');
}

/** `812 B`, `12.3 kB`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 999_950 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `812`, `12,300`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `812`, `12.3k`, `1.2M`. */
export function formatShortCount(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 999_950) return `${(count / 1_000).toFixed(1)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** `$1.25`, `$0.0042`. */
export function formatCost(dollars: number): string {
  return `$${dollars.toFixed(dollars >= 1 ? 2 : 4)}`;
}

/** `1 step`, `3 steps`. */
export function formatPlural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** The word for how a record stands: `open` while it has no end. */
export function statusWord(record: { status: Status; endMs?: number }): 'error' | 'open' | 'ok' | 'ended' {
  if (record.status === 'error') return 'error';
  if (record.endMs === undefined) return 'open';
  return record.status === 'ok' ? 'ok' : 'ended';
}

/** Token counts as a reader thinks of them: all that went in, how much of it came from a cache, all that came out. */
export function tokensOf(usage: Usage): { in: number; cached: number; out: number; reasoning: number } {
  const cached = usage.cacheRead ?? 0;
  const reasoning = usage.reasoning ?? 0;
  return {
    in: (usage.input ?? 0) + cached + (usage.cacheWrite ?? 0),
    cached,
    out: (usage.output ?? 0) + reasoning,
    reasoning,
  };
}
