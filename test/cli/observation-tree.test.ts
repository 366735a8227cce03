import { expect, test } from 'vitest';
import type { Observation } from '../../semconv/model/observation.js';
import { layOutObservations } from '../../src/cli/observation-tree.js';

function observation(id: string, startMs: number, endMs?: number, parentId?: string): Observation {
  return {
    id,
    traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
    type: 'SPAN',
    name: id,
    dialect: 'plain',
    status: 'unset',
    startMs,
    ...(endMs === undefined ? {} : { endMs }),
    ...(parentId === undefined ? {} : { parentId }),
  };
}

function shown(observations: readonly Observation[]): string[] {
  return layOutObservations(observations).map(({ branch, observation: { id } }) => `${branch}${id}`);
}

test('of two that began in the same millisecond, the one that ended first comes first', () => {
  const tool = observation('tool', 5, 5.3);
  const answer = observation('answer', 5, 11);
  const open = observation('open', 5);
  expect(shown([open, answer, tool])).toEqual(['├─tool', '├─answer', '└─open']);
});

test('children stand below their parent, whatever came first', () => {
  const child = observation('child', 2, 3, 'parent');
  const parent = observation('parent', 2, 4);
  const later = observation('later', 3, 4);
  expect(shown([later, child, parent])).toEqual(['├─parent', '│ └─child', '└─later']);
});
