import type { Log } from '../../semconv/model/log.js';

const UNDERSTOOD = 'gen_ai.';
const WARN = 13;
const ERROR = 17;

/** `warn retry: 3 attempts left` */
export function logText(log: Log): string {
  const severity = severityWord(log);
  const body = log.body === undefined ? undefined : textOf(log.body);
  const said = body ?? attributesText(log);
  const named =
    log.name === undefined || log.name === said ? said : [log.name, said].filter(Boolean).join(': ');
  return [severity, named].filter((part) => part !== '').join(' ');
}

export function isErrorLog(log: Log): boolean {
  return (log.severityNumber ?? 0) >= ERROR;
}

/** Events of the conventions are shown as what they say: messages, scores, usage. */
export function isShownLog(log: Log): boolean {
  return log.name?.startsWith(UNDERSTOOD) !== true;
}

function severityWord({ severityNumber = 0, severityText }: Log): string {
  if (severityNumber < WARN) return '';
  return (severityText ?? (severityNumber < ERROR ? 'warn' : 'error')).toLowerCase();
}

function attributesText({ attributes }: Log): string {
  return attributes === undefined ? '' : textOf(attributes);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
