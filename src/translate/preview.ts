import type { JsonValue } from '../../semconv/model/json.js';
import type { Message } from '../../semconv/model/message.js';
import type { TranslatedSpan } from './translate-span.js';

/** Characters of one message, and of one span, that a text search looks at. */
const MAX_MESSAGE = 600;
const MAX_PREVIEW = 2000;

/**
 * The words by which a span can be found: names and tasks, and what is new in it. A model call re-sends all messages
 * before it; only the last ones are new, the others are found by the spans that had them first.
 */
export function previewOf(span: TranslatedSpan): string {
  const words: string[] = [];
  const { facts } = span;
  if (facts.concept === 'session') addTexts(words, facts.session);
  else if (facts.concept === 'step') addTexts(words, facts.step);
  else if (facts.concept === 'amendment') addTexts(words, facts.fields);
  else {
    const { observation } = facts;
    if (observation.inputMessages !== undefined) {
      // The first call of a conversation may carry more than its last message.
      const news =
        observation.inputMessages.length <= 4
          ? observation.inputMessages
          : observation.inputMessages.slice(-2);
      addMessages(words, news);
    }
    addMessages(words, observation.outputMessages);
    if (observation.tool !== undefined) {
      words.push(text(observation.tool.name));
      addValue(words, observation.tool.arguments);
      addValue(words, observation.tool.result);
    }
    addValue(words, observation.input);
    addValue(words, observation.output);
    // A bare name says too little to be worth a row in an index.
    if (words.length > 0 || observation.type !== 'SPAN') words.push(text(observation.name));
  }
  return words.join(' ').slice(0, MAX_PREVIEW).toWellFormed().replaceAll('\0', ' ').trim();
}

const SEARCHED = [
  'name',
  'task',
  'goal',
  'action',
  'state',
  'isSuccessfulReason',
  'evalReason',
  'evalDescription',
];

function addTexts(words: string[], fields: object): void {
  for (const key of SEARCHED) {
    const value = (fields as Record<string, unknown>)[key];
    if (typeof value === 'string') words.push(text(value));
  }
}

function addMessages(words: string[], messages: readonly Message[] | undefined): void {
  if (!Array.isArray(messages)) return;
  for (const message of messages as readonly Message[]) {
    if (!Array.isArray(message?.parts)) continue;
    for (const part of message.parts) {
      if (part?.type !== 'blob' && 'content' in part) words.push(text(part.content));
    }
  }
}

function addValue(words: string[], value: JsonValue | undefined): void {
  if (typeof value === 'string') words.push(text(value));
  else if (value !== undefined && value !== null && typeof value === 'object') {
    // Enough of the structure to find its words; deep values end at the limit.
    for (const item of Object.values(value).slice(0, 20))
      if (typeof item === 'string') words.push(text(item));
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_MESSAGE) : '';
}
