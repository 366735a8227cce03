import type { Observation } from '../../../semconv/model/observation.js';
import type { JsonValue } from '../../../semconv/model/json.js';
import type { ToolCallPart } from '../../../semconv/model/message.js';
import { answeredCalls, askedCalls } from './observed-calls.js';
import type { OrderedObservation } from './observation-order.js';

export interface PlacedObservation extends OrderedObservation {
  /** A generation that only asks for tools which follow: its weight is theirs. */
  readonly isCarrier: boolean;
}

/**
 * Puts in the calls of tools that made no span: after the generation that asked for them, with the results that a later request
 * carries. The first has the id of that generation, the others the same with a number behind it.
 */
export function withUntracedTools(
  ordered: readonly OrderedObservation[],
  observations: readonly Observation[],
): PlacedObservation[] {
  const results = answeredCalls(observations);
  const tools = observations.filter(({ type }) => type === 'TOOL');
  const tracedIds = new Set(tools.flatMap(({ tool }) => tool?.callId ?? []));
  const tracedNames = new Set(
    tools.flatMap(({ tool, name }) => (tool?.callId === undefined ? [tool?.name ?? name] : [])),
  );
  const isTraced = ({ id, name }: ToolCallPart): boolean =>
    (typeof id === 'string' && tracedIds.has(id)) || tracedNames.has(name);
  return ordered.flatMap((entry): PlacedObservation[] => {
    const calls = entry.observation.type === 'GENERATION' ? askedCalls(entry.observation) : [];
    if (calls.length === 0) return [{ ...entry, isCarrier: false }];
    const untraced = calls.filter((call) => !isTraced(call));
    return [
      { ...entry, isCarrier: true },
      ...untraced.map((call, at) => ({
        ...entry,
        observation: toolOf(entry.observation, call, at, results),
        isCarrier: false,
      })),
    ];
  });
}

function toolOf(
  { id, traceId, dialect, startMs }: Observation,
  call: ToolCallPart,
  at: number,
  results: ReadonlyMap<string, unknown>,
): Observation {
  const result = typeof call.id === 'string' ? (results.get(call.id) as JsonValue | undefined) : undefined;
  return {
    id: at === 0 ? id : `${id}#${at}`,
    traceId,
    type: 'TOOL',
    name: call.name,
    dialect,
    startMs,
    endMs: startMs,
    status: 'unset',
    tool: {
      name: call.name,
      ...(call.arguments === undefined ? {} : { arguments: call.arguments }),
      ...(result === undefined ? {} : { result }),
    },
  };
}
