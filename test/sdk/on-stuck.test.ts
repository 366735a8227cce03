import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../semconv/model/finding.js';
import { provideLateModules } from '../../src/late-modules.js';
import { startSession, tool, withSession, withStep } from '../../src/index.js';
import { applyOptions, resetSettings } from '../../src/config/settings.js';
import { encodeSpans } from '../../src/sdk/encode-spans.js';
import { findStuck } from '../../src/analysis/stuck/find-stuck.js';
import { foldSessions } from '../../src/translate/fold-sessions.js';
import { translateSpan } from '../../src/translate/translate-span.js';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { reportedMessages, resetReported } from '../../src/tracing/diag.js';
import { recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

provideLateModules();

let recorded: RecordedSpans;

beforeEach(() => {
  recorded = recordSpans();
});
afterEach(() => {
  resetSettings();
  resetReported();
});

/** What the listener heard. */
function listen(captureContent = true): Finding[] {
  const heard: Finding[] = [];
  applyOptions({ captureContent, onStuck: (finding) => heard.push(finding) });
  return heard;
}

const look = tool({ name: 'look' }, (_place: string) => ({ found: 'nothing' }));

test('an agent hears of it while it goes in circles, and again when that has doubled', async () => {
  const heard = listen();
  const during: number[] = [];
  await withSession({ name: 'search' }, async () => {
    for (let turn = 0; turn < 7; turn += 1) {
      await withStep({ state: 'an empty room', action: 'look around' }, async () => void look('here'));
      during.push(heard.length);
    }
  });
  expect(during).toEqual([0, 0, 1, 1, 1, 2, 2]);
  expect(
    heard.map(({ rule, repeats, basis, steps, stepIds }) => [rule, repeats, basis, steps, stepIds.length]),
  ).toEqual([
    ['exact-retry', 3, 'steps', 3, 3],
    ['exact-retry', 6, 'steps', 6, 6],
  ]);
  expect(heard[0]?.stepIds).toContain(heard[0]?.firstRepeatedId);
});

test('a session may have a listener of its own, and needs no steps', async () => {
  const own: string[] = [];
  const all = listen();
  await withSession(
    { name: 'mine', onStuck: ({ rule, basis }) => own.push(`${rule} of ${basis}`) },
    async () => {
      for (let turn = 0; turn < 4; turn += 1) look('here');
    },
  );
  await withSession({ name: 'other' }, async () => {
    for (let turn = 0; turn < 4; turn += 1) look(`place ${turn}`);
  });
  expect({ own, all }).toEqual({ own: ['exact-retry of observations'], all: [] });
});

test('progress that the user declares is heard', async () => {
  const heard = listen();
  await withSession({}, async () => {
    for (let turn = 0; turn < 9; turn += 1)
      await withStep({ state: 'the queue', action: 'take one', progress: turn }, async () => undefined);
  });
  expect(heard).toEqual([]);
});

test('what a listener throws goes no further, sync or async', async () => {
  applyOptions({ captureContent: true });
  const turns: number[] = [];
  for (const onStuck of [
    () => {
      throw new Error('listener broke');
    },
    (() => Promise.reject(new Error('listener broke later'))) as () => void,
  ]) {
    const session = startSession({ name: 'loud', onStuck });
    session.run(() => {
      for (let turn = 0; turn < 4; turn += 1) turns.push(look('here').found.length);
    });
    session.end();
  }
  expect(turns).toEqual(Array.from({ length: 8 }, () => 7));
  await new Promise((resolve) => setImmediate(resolve));
  expect(reportedMessages().filter((message) => message.includes('onStuck')).length).toBe(1);
});

test('without captured content no call is taken for another', async () => {
  const heard = listen(false);
  await withSession({}, async () => {
    for (let turn = 0; turn < 5; turn += 1) look(`place ${turn}`);
  });
  expect(heard).toEqual([]);
});

test('the translator finds afterwards what was heard while it ran', async () => {
  const heard = listen();
  await withSession({ name: 'search' }, async () => {
    for (const place of ['hall', 'attic', 'hall', 'attic', 'hall', 'attic', 'cellar'])
      await withStep(
        { state: `in the ${place}`, action: `leave the ${place}` },
        async () => void look(place),
      );
  });
  const { spans } = decodeTraceRequest(encodeSpans(recorded.all()), 'json');
  const [records] = foldSessions(spans.map(translateSpan));
  const after = findStuck(records!).findings;
  expect(after.map(({ rule, stepIds, firstRepeatedId }) => [rule, stepIds, firstRepeatedId])).toEqual(
    heard.map(({ rule, stepIds, firstRepeatedId }) => [rule, stepIds, firstRepeatedId]),
  );
  expect(heard.map(({ rule, period }) => [rule, period])).toEqual([['flip-flop', 2]]);
});
