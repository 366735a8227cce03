import { SpoorError } from '../shared/errors.js';

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3, w: 604_800e3 };

/**
 * A time of the past as a user says it: `90m`, `2h`, `7d`, an ISO 8601 date or time, or milliseconds since the epoch.
 * @throws SpoorError `SPOOR_USAGE`
 */
export function readTime(option: string, text: string, nowMs: number): number {
  const ago = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1]) * (UNITS[ago[2] as string] as number);
  if (/^\d{12,15}$/.test(text)) return Number(text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new SpoorError(
    'SPOOR_USAGE',
    `--${option} takes a time such as 90m, 2h, 7d or 2026-11-22T10:00:00Z, not "${text}".`,
  );
}
