import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Step } from '../../semconv/model/step.js';
import { buildGraph } from '../../src/analysis/graph/build-graph.js';
import { pictureHashes } from '../../src/server/picture-hashes.js';
import { run } from '../analysis/scores/runs.js';
import { png } from '../support/make-png.js';

const cart = png(100, 80, (x, y) => (y < 20 ? [30, 30, 200] : [200, 180, x]));
const sameCart = png(100, 80, (x, y) =>
  x > 92 && y < 5 ? [255, 0, 0] : y < 20 ? [30, 30, 200] : [200, 180, x],
);
const form = png(100, 80, (x, y) => ((x >> 4) % 2 === (y >> 4) % 2 ? [0, 0, 0] : [255, 255, 255]));

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function step(index: number, picture: Buffer): Step {
  return {
    id: `s${index}`,
    sessionId: 'run-1',
    name: 'step',
    index,
    implicit: false,
    action: 'click',
    screenshots: [`sha256:${hashOf(picture)}`],
    status: 'unset',
    startMs: index,
    endMs: index,
    observationCount: 0,
    usage: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 },
  };
}

it('makes steps that show the same one state, though their pictures are not the same', async () => {
  const pictures = [cart, form, sameCart];
  const records = { ...run(), steps: pictures.map((picture, index) => step(index, picture)) };
  const read = new Map(pictures.map((picture) => [hashOf(picture), picture]));
  const screenshotHash = await pictureHashes([records], async (hash) => read.get(hash));
  const { nodes } = buildGraph([records], { screenshotHash });
  expect(nodes.map(({ stepIds, clusteredBy }) => [stepIds, clusteredBy])).toEqual([
    [['s0', 's2'], 'screenshot'],
    [['s1'], 'screenshot'],
  ]);
  expect(buildGraph([records]).nodes).toHaveLength(3);
});

it('goes without those that are gone', async () => {
  const records = {
    ...run(),
    steps: [
      step(
        0,
        png(4, 4, () => [1, 2, 3]),
      ),
    ],
  };
  const hash = await pictureHashes([records], async () => undefined);
  expect(hash(records.steps[0]?.screenshots?.[0] ?? '')).toBeUndefined();
});
