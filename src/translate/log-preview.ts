import type { AttributeValue, LogRecord } from '../otlp/records.js';
import { eventNameOf } from './log-record.js';

/** Characters of one value, and of one record, that a text search looks at. */
const MAX_VALUE = 1000;
const MAX_PREVIEW = 2000;
const MAX_VALUES = 50;

/** The words by which a log record can be found: its name, and the texts of its body and attributes. */
export function previewOfLog(log: LogRecord): string {
  const words: string[] = [];
  const name = eventNameOf(log);
  if (name !== undefined) words.push(name);
  addTexts(words, log.body);
  addTexts(words, log.attributes);
  return words.join(' ').slice(0, MAX_PREVIEW).toWellFormed().replaceAll('\0', ' ').trim();
}

function addTexts(words: string[], value: AttributeValue): void {
  if (words.length >= MAX_VALUES) return;
  if (typeof value === 'string') words.push(value.slice(0, MAX_VALUE));
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) addTexts(words, item);
}
