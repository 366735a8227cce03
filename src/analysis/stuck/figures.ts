import type { Finding, SessionFigures } from '../../../semconv/model/finding.js';
import type { PlacedMove } from './stuck-analyzer.js';

/** What going in circles cost a session. A step inside several findings counts once. */
export function figuresOf(
  placed: readonly PlacedMove[],
  findings: readonly Finding[],
  bestPassingSteps: number | undefined,
): SessionFigures {
  const looped = new Set(findings.flatMap(({ stepIds }) => stepIds));
  const inside = placed.filter(({ move }) => looped.has(move.id));
  const walk = walkOf(placed);
  const all = weightOf(placed);
  const loop = weightOf(inside);
  const steps = placed.length;
  return {
    steps,
    states: walk.states,
    repeatedSteps: steps - walk.states,
    stepsPerState: ratio(steps, walk.states),
    uniqueStateRatio: ratio(walk.states, steps),
    backtrackRatio: ratio(walk.backtracks, walk.transitions),
    longestStagnation: walk.longestStay,
    loopSteps: inside.length,
    loopTokens: loop.tokens,
    ...(loop.cost === undefined ? {} : { loopCost: loop.cost }),
    loopShare: shareOf(loop, all, inside.length, steps),
    ...(bestPassingSteps === undefined || bestPassingSteps === 0
      ? {}
      : { bestPassingSteps, pathRatio: steps / bestPassingSteps }),
  };
}

interface Walk {
  states: number;
  transitions: number;
  backtracks: number;
  longestStay: number;
}

function walkOf(placed: readonly PlacedMove[]): Walk {
  const seen = new Set<number>();
  let [transitions, backtracks, stay, longestStay] = [0, 0, 0, 0];
  for (const [at, { cluster }] of placed.entries()) {
    const before = placed[at - 1]?.cluster;
    const isMove = before !== undefined && before !== cluster;
    if (isMove) transitions += 1;
    if (isMove && seen.has(cluster)) backtracks += 1;
    stay = before === cluster ? stay + 1 : 1;
    longestStay = Math.max(longestStay, stay);
    seen.add(cluster);
  }
  return { states: seen.size, transitions, backtracks, longestStay };
}

interface Weight {
  tokens: number;
  cost: number | undefined;
}

function weightOf(placed: readonly PlacedMove[]): Weight {
  const costs = placed.flatMap(({ move }) => move.cost ?? []);
  return {
    tokens: placed.reduce((sum, { move }) => sum + move.tokens, 0),
    cost: costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0),
  };
}

function shareOf(loop: Weight, all: Weight, loopSteps: number, steps: number): number {
  if (all.cost !== undefined && all.cost > 0) return (loop.cost ?? 0) / all.cost;
  return all.tokens > 0 ? loop.tokens / all.tokens : ratio(loopSteps, steps);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
