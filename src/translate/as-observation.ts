import type { ObservationFacts, SpanFacts } from '../../semconv/dialects/dialect.js';
import type { JsonObject, JsonValue } from '../../semconv/model/json.js';
import type { Score } from '../../semconv/model/score.js';
import type { Session } from '../../semconv/model/session.js';
import {
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '../../semconv/values.js';

type Facts<C extends SpanFacts['concept']> = Extract<SpanFacts, { concept: C }>;

/**
 * Whatever a span says, as an observation: other vocabularies have no sessions, steps and amendments of their own. A session
 * is the agent or the workflow that it ran, a step is a link of a chain, an amendment is an event whose metadata are the
 * fields that change.
 */
export function asObservation(span: { name: string }, facts: SpanFacts): ObservationFacts {
  if (facts.concept === 'observation') return facts.observation;
  if (facts.concept === 'session') return sessionAsObservation(span.name, facts);
  if (facts.concept === 'step') return stepAsObservation(span.name, facts);
  return amendmentAsObservation(span.name, facts);
}

function sessionAsObservation(name: string, { sessionId, session }: Facts<'session'>): ObservationFacts {
  const { agentId, agentName, userId, serviceName, task, tags, isSuccessful, isSuccessfulReason } = session;
  const isAgent = agentId !== undefined || agentName !== undefined;
  return said({
    name,
    type: isAgent ? 'AGENT' : 'CHAIN',
    operation: isAgent
      ? GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT
      : GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
    sessionId,
    userId,
    serviceName,
    tags,
    input: task,
    output: isSuccessfulReason,
    agent: isAgent ? filled({ id: agentId, name: agentName }) : undefined,
    metadata: filled({
      ...session.metadata,
      is_successful: isSuccessful,
      experiment_id: session.experimentId,
      iteration: session.iteration,
      end_reason: session.endReason,
      exit_code: session.exitCode,
    }),
    scores: scoreOf('session', sessionId, session.eval, session.evalReason),
  });
}

function stepAsObservation(name: string, { sessionId, stepId, step }: Facts<'step'>): ObservationFacts {
  return said({
    name,
    type: 'CHAIN',
    sessionId,
    stepId,
    input: step.state,
    output: step.action,
    metadata: filled({ goal: step.goal, step_index: step.index, state_key: step.stateKey }),
    scores: scoreOf('step', stepId, step.evalScore, step.evalDescription),
    screenshots: step.screenshots,
  });
}

function amendmentAsObservation(
  name: string,
  { sessionId, target, fields }: Facts<'amendment'>,
): ObservationFacts {
  return said({
    name,
    type: 'EVENT',
    sessionId,
    metadata: { ...fields, amends: target.kind, target_id: target.id },
  });
}

function scoreOf(
  kind: 'session' | 'step',
  id: string,
  value: Session['eval'],
  explanation: string | undefined,
): Score[] | undefined {
  if (value === undefined) return undefined;
  return [
    { name: 'eval', value, ...(explanation === undefined ? {} : { explanation }), target: { kind, id } },
  ];
}

type Said = Pick<ObservationFacts, 'name' | 'type'> & {
  [K in keyof ObservationFacts]?: ObservationFacts[K] | undefined;
};

/** The facts without those that are undefined. */
function said(facts: Said): ObservationFacts {
  // What is left has the type of `facts` without undefined; no type of TypeScript's own says so.
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as unknown as ObservationFacts;
}

function filled(fields: { [key: string]: JsonValue | undefined }): JsonObject | undefined {
  const entries = Object.entries(fields).filter(
    (entry): entry is [string, JsonValue] => entry[1] !== undefined,
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
