import type { Observation } from '../../../semconv/model/observation.js';
import type { SessionResponse } from '../../server/api-types.js';
import { formatDuration, formatShortCount, tokensOf } from '../format.js';
import { cutText } from '../text-width.js';

const MOST_CHARACTERS = 80;
/** Calls go from the agent to whoever answers. */
const CALLED: ReadonlySet<Observation['type']> = new Set(['GENERATION', 'TOOL', 'RETRIEVAL', 'EMBEDDING']);

/** A session as a Mermaid sequence diagram: steps are notes, calls are arrows to models and tools. */
export function renderMermaid({ session, steps, observations }: SessionResponse): string {
  const agent = label(session.agentName ?? session.name ?? 'agent');
  const called = observations.filter(({ type }) => CALLED.has(type));
  const others = [...new Set(called.map((observation) => calleeOf(observation)))];
  const ids = new Map(others.map((name, index) => [name, `p${index + 1}`]));
  const stepOf = new Map(steps.map((step) => [step.id, step]));
  const lines = ['sequenceDiagram', `  participant p0 as ${agent}`];
  for (const [name, id] of ids) lines.push(`  participant ${id} as ${label(name)}`);
  let stepId: string | undefined;
  for (const observation of called) {
    const step = stepOf.get(observation.stepId ?? '');
    if (step !== undefined && step.id !== stepId && !step.implicit) {
      lines.push(`  Note over p0: ${label(`${step.index + 1}. ${step.action ?? step.goal ?? step.name}`)}`);
    }
    stepId = step?.id;
    const id = ids.get(calleeOf(observation)) ?? 'p0';
    const arrow = observation.status === 'error' ? '--x' : '-->>';
    lines.push(
      `  p0->>${id}: ${label(observation.name)}`,
      `  ${id}${arrow}p0: ${label(answerOf(observation))}`,
    );
  }
  if (called.length === 0) lines.push('  Note over p0: no calls');
  return `${lines.join('\n')}\n`;
}

function calleeOf({ tool, responseModel, requestModel, name }: Observation): string {
  return tool?.name ?? responseModel ?? requestModel ?? name;
}

function answerOf({ status, statusMessage, errorType, startMs, endMs, usage }: Observation): string {
  const time = endMs === undefined ? 'open' : formatDuration(endMs - startMs);
  if (status === 'error') return `${errorType ?? statusMessage ?? 'error'}, ${time}`;
  const tokens = usage === undefined ? undefined : tokensOf(usage);
  return tokens === undefined
    ? time
    : `${formatShortCount(tokens.in)} → ${formatShortCount(tokens.out)} tokens, ${time}`;
}

/** Text in which nothing is Mermaid, HTML or a line break: everything else becomes an entity of its own. */
function label(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const safe = cutText(line, MOST_CHARACTERS).replaceAll(
    /[^\p{L}\p{N} ._/→…$,()-]/gu,
    (character) => `#${character.codePointAt(0) ?? 32};`,
  );
  // The word alone would end the diagram.
  return safe.replace(/^end$/i, '#101;nd') || ' ';
}
