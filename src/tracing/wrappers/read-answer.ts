import type { UsageFields } from '../observation.js';
import { readUsage } from './answer-usage.js';
import { listOf, plainFields, textOf, type Fields } from './plain-fields.js';

/** What the answer of a model, or a chunk of one, says of itself. */
export interface AnswerFacts {
  id?: string;
  model?: string;
  finishReasons?: string[];
  usage?: UsageFields;
}

/**
 * Facts of a model's answer in any of the shapes that are in use: lists of choices or candidates, messages, items, answers
 * of frameworks with steps, and what wraps one of these. Pure; nothing of the answer's code is run.
 */
export function readAnswer(value: unknown): AnswerFacts {
  const facts: AnswerFacts = {};
  for (const part of partsOf(value)) addFacts(facts, part);
  return facts;
}

/** Adds what a later chunk says; counts of chunks are totals so far. */
export function mergeFacts(facts: AnswerFacts, later: AnswerFacts): void {
  const usage = later.usage === undefined ? facts.usage : { ...facts.usage, ...later.usage };
  Object.assign(facts, later, usage === undefined ? {} : { usage });
}

/** The answer, and the places in it where shapes differ in what they keep there. */
function partsOf(value: unknown): Fields[] {
  const outer = plainFields(value);
  const inner = ['response', 'message', 'data', 'metadata', 'responseMetadata', 'delta', 'incompleteDetails'];
  const steps = listOf(outer['steps']);
  return [outer, ...[...inner.map((name) => outer[name]), steps.at(-1)].map(plainFields)];
}

const USAGES = ['totalUsage', 'usage', 'usageMetadata', 'tokenUsage'] as const;
const MODELS = ['model', 'modelVersion', 'modelId', 'modelName'] as const;
const REASONS = ['stopReason', 'finishReason', 'reason'] as const;

function addFacts(facts: AnswerFacts, part: Fields): void {
  const id = textOf(part['id']) ?? textOf(part['responseId']);
  if (id !== undefined) facts.id ??= id;
  const model = firstText(part, MODELS);
  if (model !== undefined) facts.model ??= model;
  const usage = firstUsage(part);
  if (usage !== undefined) facts.usage ??= usage;
  const reasons = reasonsOf(part);
  if (reasons.length > 0) facts.finishReasons ??= reasons;
}

function firstUsage(part: Fields): UsageFields | undefined {
  for (const name of USAGES) {
    const usage = readUsage(part[name]);
    if (usage !== undefined) return usage;
  }
  // Servers of local models keep the counts on the answer itself.
  return 'promptEvalCount' in part || 'evalCount' in part ? readUsage(part) : undefined;
}

function reasonsOf(part: Fields): string[] {
  const choices = [...listOf(part['choices']), ...listOf(part['candidates'])].map(plainFields);
  return [part, ...choices]
    .map((choice) => firstText(choice, REASONS))
    .filter((reason) => reason !== undefined);
}

function firstText(part: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(part[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}
