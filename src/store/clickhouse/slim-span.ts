import type { TranslatedSpan } from '../../translate/translate-span.js';

/**
 * A translated span without what only a reader of the span itself needs: messages, arguments, results. What is left folds
 * into the same sessions and steps.
 */
export function slimSpan(span: TranslatedSpan): TranslatedSpan {
  const { facts } = span;
  if (facts.concept !== 'observation') return span;
  const { type, name, sessionId, stepId, usage, cost, requestModel, responseModel, userId, agent, tags } =
    facts.observation;
  const said = {
    type,
    name,
    sessionId,
    stepId,
    usage,
    cost,
    requestModel,
    responseModel,
    userId,
    agent,
    tags,
  };
  const observation = Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  ) as unknown as typeof facts.observation;
  return { ...span, facts: { concept: 'observation', observation } };
}
