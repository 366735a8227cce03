import { isDeepStrictEqual, inspect } from 'node:util';

/** What the conventions mark as relevant to sampling: a sampler must see it, so it is there when the span starts. */
const RELEVANT = [
  'gen_ai.agent.name',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.tool.name',
  'gen_ai.tool.type',
  'server.address',
  'server.port',
];

/**
 * Compares what a span says at its end with what the sampler saw. `late` of an SDK's adapter names the attributes that may
 * be missing at the start, each with its reason.
 */
export function judgeStart(spans, late = {}) {
  return spans
    .filter(({ scope }) => scope.startsWith('spoor'))
    .flatMap(({ name, attributes, measured }) => {
      const { atStart } = measured;
      const isLate = (key) => atStart[key] === undefined && Object.hasOwn(late, key);
      const wrong = RELEVANT.filter(
        (key) => !isDeepStrictEqual(attributes[key], atStart[key]) && !isLate(key),
      );
      return wrong.map(
        (key) =>
          `the sampler of "${name}" saw ${key} as ${inspect(atStart[key])}, it became ${inspect(attributes[key])}`,
      );
    });
}
