import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('../bench/scale.js', import.meta.url));
const SILENT = fileURLToPath(new URL('../bench/silent.js', import.meta.url));

interface Outcome {
  heaps: number[];
  counts: { delivered: number; dropped: number; pending: number };
}

/** In a heap too small for what would be kept. The whole count is for `node --expose-gc test/bench/scale.js`. */
async function live(what: string, count: number): Promise<Outcome> {
  const args = ['--expose-gc', '--max-old-space-size=64', PROGRAM, what, String(count)];
  const { stdout } = await run(process.execPath, args, { timeout: 110_000 });
  return JSON.parse(stdout) as Outcome;
}

describe('a process that lives long', () => {
  it.each([
    ['steps', 20_000, 40_001],
    ['sessions', 10_000, 30_000],
  ])(
    'keeps its memory flat over many %s',
    async (what, count, spans) => {
      const { heaps, counts } = await live(what, count);
      expect(counts).toMatchObject({ delivered: spans, dropped: 0, pending: 0 });
      expect(heaps).toHaveLength(10);
      // The heap in use goes up and down with what is remembered; over the second half it must not have grown.
      expect(Math.max(...heaps.slice(5))).toBeLessThan(Math.max(...heaps.slice(0, 5)) * 1.2);
    },
    120_000,
  );
});

describe('a call that nothing records', () => {
  it('costs under 100 ns, or on a slow machine less than a call of the API that does nothing', async () => {
    const { stdout } = await run(process.execPath, [SILENT], { timeout: 60_000 });
    const rows = JSON.parse(stdout) as { where: string; name: string; ns: number }[];
    const floor = rows.find(({ name }) => name === 'startActiveSpan of the API')?.ns ?? 0;
    const calls = rows.filter(({ name }) => name !== 'startActiveSpan of the API');
    expect(calls.length).toBeGreaterThanOrEqual(10);
    expect(calls.filter(({ ns }) => ns > Math.max(floor, 100))).toEqual([]);
  });
});
