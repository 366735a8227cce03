import type { GraphVariant } from '../../../semconv/model/graph.js';
import type { GraphSession } from './graph-builder.js';
import { nodeId } from './tally.js';

const MOST_VARIANTS = 50;
const MOST_NODES = 200;
const MOST_SESSIONS = 20;

/** The ways that sessions took, the commonest first. */
export function variantsOf(sessions: readonly (readonly [string, GraphSession])[]): GraphVariant[] {
  const found = new Map<string, GraphVariant>();
  for (const [id, { path, isPassed }] of sessions) {
    const key = path.join(' ');
    let variant = found.get(key);
    if (variant === undefined) {
      variant = {
        nodes: path.slice(0, MOST_NODES).map(nodeId),
        length: path.length,
        sessions: 0,
        passed: 0,
        failed: 0,
        sessionIds: [],
      };
      found.set(key, variant);
    }
    variant.sessions += 1;
    if (isPassed === true) variant.passed += 1;
    if (isPassed === false) variant.failed += 1;
    if (variant.sessionIds.length < MOST_SESSIONS) variant.sessionIds.push(id);
  }
  return [...found.values()]
    .toSorted((left, right) => right.sessions - left.sessions)
    .slice(0, MOST_VARIANTS);
}
