import type { UsageFields } from '../observation.js';
import { readUsage } from './answer-usage.js';
import { listOf, plainFields, rolesOf, textOf, type Fields } from './plain-fields.js';

/** What the answer of a model, or a chunk of one, says of itself. */
export interface AnswerFacts {
  id?: string;
  model?: string;
  finishReasons?: string[];
  usage?: UsageFields;
}

const REASON = ['stopReason', 'finishReason'];
const PART = rolesOf({
  id: ['id', 'responseId'],
  model: ['model', 'modelVersion', 'modelId', 'modelName'],
  totalUsage: ['totalUsage'],
  usage: ['usage', 'usageMetadata', 'tokenUsage'],
  /** Servers of local models keep the counts on the answer itself. */
  ownCount: ['promptEvalCount', 'evalCount'],
  reason: REASON,
  choices: ['choices', 'candidates'],
  steps: ['steps'],
  incomplete: ['incompleteDetails'],
  response: ['response'],
  message: ['message'],
  data: ['data'],
  metadata: ['metadata'],
  responseMetadata: ['responseMetadata'],
  delta: ['delta'],
});
const AT = PART.at;
/** Where shapes differ in what they keep there. */
const INNER = [AT.response, AT.message, AT.data, AT.metadata, AT.responseMetadata, AT.delta];
const CHOICE = rolesOf({ reason: REASON });
const INCOMPLETE = rolesOf({ reason: ['reason'] });

/**
 * Facts of a model's answer in any of the shapes that are in use: lists of choices or candidates, messages, items, answers
 * of frameworks with steps, and what wraps one of these. Pure; nothing of the answer's code is run: where it is known to have
 * none, through and through, `isPlain` spares looking for it.
 */
export function readAnswer(value: unknown, isPlain = false): AnswerFacts {
  const facts: AnswerFacts = {};
  const outer = plainFields(value, PART, isPlain);
  addFacts(facts, outer, value, isPlain);
  for (const place of INNER) {
    const inner = outer[place];
    if (typeof inner === 'object') addFacts(facts, plainFields(inner, PART, isPlain), inner, isPlain);
  }
  const steps = outer[AT.steps];
  const step = steps === undefined ? undefined : listOf(steps).at(-1);
  if (step !== undefined) addFacts(facts, plainFields(step, PART, isPlain), step, isPlain);
  return facts;
}

/** Adds what a later chunk says; counts of chunks are totals so far. */
export function mergeFacts(facts: AnswerFacts, later: AnswerFacts): void {
  const usage = later.usage === undefined ? facts.usage : { ...facts.usage, ...later.usage };
  Object.assign(facts, later, usage === undefined ? {} : { usage });
}

function addFacts(facts: AnswerFacts, part: Fields, whole: unknown, isPlain: boolean): void {
  const id = textOf(part[AT.id]);
  if (id !== undefined) facts.id ??= id;
  const model = textOf(part[AT.model]);
  if (model !== undefined) facts.model ??= model;
  const usage = usageOf(part, whole, isPlain);
  if (usage !== undefined) facts.usage ??= usage;
  const reasons = reasonsOf(part, isPlain);
  if (reasons !== undefined) facts.finishReasons ??= reasons;
}

function usageOf(part: Fields, whole: unknown, isPlain: boolean): UsageFields | undefined {
  const total = part[AT.totalUsage];
  if (typeof total === 'object') return readUsage(total, isPlain);
  const usage = part[AT.usage];
  if (typeof usage === 'object') return readUsage(usage, isPlain);
  return part[AT.ownCount] === undefined ? undefined : readUsage(whole, isPlain);
}

function reasonsOf(part: Fields, isPlain: boolean): string[] | undefined {
  const own = textOf(part[AT.reason]);
  if (own !== undefined) return [own];
  const incomplete = part[AT.incomplete];
  if (incomplete !== undefined) {
    const why = textOf(plainFields(incomplete, INCOMPLETE, isPlain)[INCOMPLETE.at.reason]);
    return why === undefined ? undefined : [why];
  }
  const choices = part[AT.choices];
  if (choices === undefined) return undefined;
  const reasons: string[] = [];
  for (const choice of listOf(choices)) {
    const reason = textOf(plainFields(choice, CHOICE, isPlain)[CHOICE.at.reason]);
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons.length === 0 ? undefined : reasons;
}
