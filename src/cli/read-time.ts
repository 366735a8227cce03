import { SpoorError } from '../shared/errors.js';

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3, w: 604_800e3 };

/**
 * A time of the past as a user says it: `90m`, `2h`, `7d`, an ISO 8601 date or time, or milliseconds since the epoch.
 * @throws SpoorError `SPOOR_USAGE`
 */
export function readTime(option: string, text: string, nowMs: number): number {
  const ago = durationOf(text);
  if (ago !== undefined) return nowMs - ago;
  if (/^\d{12,15}$/.test(text)) return Number(text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new SpoorError(
    'SPOOR_USAGE',
    `--${option} takes a time such as 90m, 2h, 7d or 2026-11-22T10:00:00Z, not "${text}".`,
  );
}

/**
 * A length of time such as `90m`, `12h` or `30d`, in milliseconds.
 * @throws SpoorError `SPOOR_USAGE`
 */
export function readDuration(option: string, text: string): number {
  const duration = durationOf(text);
  if (duration !== undefined && duration > 0) return duration;
  throw new SpoorError(
    'SPOOR_USAGE',
    `--${option} takes a length of time such as 90m, 12h or 30d, not "${text}".`,
  );
}

function durationOf(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
  return parts === null ? undefined : Number(parts[1]) * (UNITS[parts[2] as string] as number);
}
