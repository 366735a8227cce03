import type { Log } from '../../../semconv/model/log.js';

/** What a record is called: its event's name, else how grave it is. */
export function logName({ name, severityText, severityNumber = 0 }: Log): string {
  if (name !== undefined) return name;
  if (severityText !== undefined) return severityText.toLowerCase();
  return ['log', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'][Math.ceil(severityNumber / 4)] ?? 'log';
}

/** The body, and the attributes below it. */
export function logText({ body, attributes }: Log): string {
  const parts = [
    body === undefined ? '' : textOf(body),
    ...Object.entries(attributes ?? {}).map(([key, value]) => `${key}: ${textOf(value)}`),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
