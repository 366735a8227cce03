import type { UsageFields } from '../observation.js';
import { readUsage } from './answer-usage.js';
import { listOf, plainFields, rolesOf, textOf, type Fields, type Roles } from './plain-fields.js';

/** What the answer of a model, or a chunk of one, says of itself. */
export interface AnswerFacts {
  id?: string;
  model?: string;
  finishReasons?: string[];
  usage?: UsageFields;
}

const REASON = ['stopReason', 'finishReason'];
/** Where shapes differ in what they keep there. */
const INNER = ['response', 'message', 'data', 'metadata', 'responseMetadata', 'delta'] as const;
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
type PartRole = typeof PART extends Roles<infer Role> ? Role : never;
type Part = Fields<PartRole>;
const CHOICE = rolesOf({ reason: REASON });
const INCOMPLETE = rolesOf({ reason: ['reason'] });

/**
 * Facts of a model's answer in any of the shapes that are in use: lists of choices or candidates, messages, items, answers
 * of frameworks with steps, and what wraps one of these. Pure; nothing of the answer's code is run.
 */
export function readAnswer(value: unknown): AnswerFacts {
  const facts: AnswerFacts = {};
  const outer = partOf(value);
  addFacts(facts, outer, value);
  for (const name of INNER) {
    const inner = outer[name];
    if (typeof inner === 'object') addFacts(facts, partOf(inner), inner);
  }
  const step = outer.steps === undefined ? undefined : listOf(outer.steps).at(-1);
  if (step !== undefined) addFacts(facts, partOf(step), step);
  return facts;
}

/** Adds what a later chunk says; counts of chunks are totals so far. */
export function mergeFacts(facts: AnswerFacts, later: AnswerFacts): void {
  const usage = later.usage === undefined ? facts.usage : { ...facts.usage, ...later.usage };
  Object.assign(facts, later, usage === undefined ? {} : { usage });
}

function partOf(value: unknown): Fields<PartRole> {
  return plainFields(value, PART);
}

function addFacts(facts: AnswerFacts, part: Part, whole: unknown): void {
  const id = textOf(part.id);
  if (id !== undefined) facts.id ??= id;
  const model = textOf(part.model);
  if (model !== undefined) facts.model ??= model;
  const usage = usageOf(part, whole);
  if (usage !== undefined) facts.usage ??= usage;
  const reasons = reasonsOf(part);
  if (reasons !== undefined) facts.finishReasons ??= reasons;
}

function usageOf(part: Part, whole: unknown): UsageFields | undefined {
  const { totalUsage, usage, ownCount } = part;
  if (typeof totalUsage === 'object') return readUsage(totalUsage);
  if (typeof usage === 'object') return readUsage(usage);
  return ownCount === undefined ? undefined : readUsage(whole);
}

function reasonsOf(part: Part): string[] | undefined {
  const own = textOf(part.reason);
  if (own !== undefined) return [own];
  if (part.incomplete !== undefined) {
    const why = textOf(plainFields(part.incomplete, INCOMPLETE).reason);
    return why === undefined ? undefined : [why];
  }
  if (part.choices === undefined) return undefined;
  const reasons: string[] = [];
  for (const choice of listOf(part.choices)) {
    const reason = textOf(plainFields(choice, CHOICE).reason);
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons.length === 0 ? undefined : reasons;
}
