import { expect, test } from 'vitest';
import { renderSession } from '../../src/cli/render-session.js';
import { textWidth } from '../../src/cli/text-width.js';
import { GIF, PNG, referenceOf } from '../support/images.js';
import { makeObservation, makeSession, makeStep, stuckTrail } from './trails.js';

const plain = { columns: 80, isColoured: false };

test('draws a session as a tree of 80 columns, identical calls numbered', () => {
  expect(renderSession(stuckTrail(), plain)).toBe(`\
support-agent                                                      error  12.4 s
session  session-0001
agent    support
task     Refund order 1001 and say sorry
user     ann
started  2026-03-01 09:30:00 UTC
outcome  failure: the order was never found; ended by SIGTERM; exit code 143
eval     2: polite but stuck
error    gave up
totals   2 steps · 2 calls · 3 tools · 1 error
tokens   12,300 in (4,096 cached) → 1,200 out (300 reasoning) · $0.0123
models   gpt-4o-mini

[0] plan                                                               ok  1.2 s
│ goal     Find out what is asked
│ state    start
│ action   Read the mail of the customer, which is long and goes on beyond the…
└─● invoke_agent support                                                   1.1 s
  └─◆ chat gpt-4o-mini                   812→120 (512 cached)  tool_calls  1.1 s
      < user: Where is my money?
      > (reasoning) They want a refund.
      > I will look it up.
      > find_order {"order":1001}

[1] look up                                                        error  10.0 s
│ eval     poor: asked three times
│ error    no order
├─▸ find_order                                                   same 1/3  34 ms
│   < {"order":1001}
│   > {"state":"unknown"}
├─▸ find_order                                                   same 2/3  34 ms
│   < {"order":1001}
│   > {"state":"unknown"}
├─▸ find_order                                                   same 3/3  34 ms
│   < {"order":1001}
│   > {"state":"unknown"}
└─◆ chat gpt-4o-mini                                                       9.0 s
    ! RateLimitError: 429 Too many requests
`);
});

test('says so when nothing has ended, and where an observation belongs to no step', () => {
  const { endMs: _end, ...open } = makeSession({
    id: 'trace-1',
    implicit: true,
    serviceName: 'shop',
    status: 'unset',
  });
  const { endMs: _observationEnd, ...call } = makeObservation({ name: 'GET /orders' });
  expect(renderSession({ session: open, steps: [], observations: [call] }, plain)).toBe(`\
shop                                                                        open
session  trace-1 (implicit: its spans name none)
started  2026-03-01 09:30:00 UTC
totals   0 steps · 0 calls · 0 tools · 0 errors
tokens   0 in (0 cached) → 0 out

outside any step
└─· GET /orders                                                             open
`);
});

test('shows the implicit step once, and an exit with code 0 as no news', () => {
  const session = makeSession({ name: 'job', endReason: 'exit', exitCode: 0, status: 'unset' });
  const steps = [makeStep({ id: 'implicit:session-0001', implicit: true })];
  expect(renderSession({ session, steps, observations: [makeObservation()] }, plain)).toBe(`\
job                                                                ended  12.4 s
session  session-0001
started  2026-03-01 09:30:00 UTC
totals   0 steps · 0 calls · 0 tools · 0 errors
tokens   0 in (0 cached) → 0 out

outside any step                                                           1.0 s
└─· work                                                                  100 ms
`);
});

test('keeps every line within the width, whatever the texts and the depth', () => {
  const chain = Array.from({ length: 40 }, (_, at) =>
    makeObservation({
      id: String(at + 1).padStart(16, '0'),
      name: `深い呼び出し👩‍💻 number ${at} ${'long '.repeat(30)}`,
      input: '長い文字列'.repeat(50),
      finishReasons: ['f'.repeat(500)],
      usage: { input: 123_456, cacheRead: 99_999, output: 55_555 },
      ...(at === 0 ? {} : { parentId: String(at).padStart(16, '0') }),
    }),
  );
  const trail = { ...stuckTrail(), observations: [...stuckTrail().observations, ...chain] };
  for (const columns of [60, 61, 80, 132]) {
    const lines = renderSession(trail, { columns, isColoured: false }).split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
  }
});

test('lets no text act on the terminal', () => {
  const hostile = '\u001B]0;owned\u0007\u001B[2Jclear\r\n\u009B31mred\u202Eesrever\u200B\uD800';
  const text = renderSession(
    {
      session: makeSession({ name: hostile, task: hostile, id: hostile, models: [hostile], userId: hostile }),
      steps: [makeStep({ name: hostile, goal: hostile, state: hostile, action: hostile })],
      observations: [
        makeObservation({
          stepId: 'step-0',
          name: hostile,
          requestModel: hostile,
          finishReasons: [hostile],
          status: 'error',
          errorType: hostile,
          statusMessage: hostile,
          inputMessages: [{ role: hostile, parts: [{ type: hostile }] }],
          output: hostile,
        }),
      ],
    },
    plain,
  );
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(text).toContain('clear');
});

test('shows observations whose parents go in circles', () => {
  const circle = [
    makeObservation({ id: '000000000000000a', parentId: '000000000000000b', name: 'first' }),
    makeObservation({ id: '000000000000000b', parentId: '000000000000000a', name: 'second' }),
    makeObservation({ id: '000000000000000c', parentId: '000000000000000c', name: 'itself' }),
  ];
  const tree = renderSession({ session: makeSession(), steps: [], observations: circle }, plain).split(
    'any step\n',
  )[1];
  expect(tree).toBe(`\
└─· first                                                                 100 ms
  └─· second                                                              100 ms
└─· itself                                                                100 ms
`);
});

test('paints with colours only when asked, and the colours change no text', () => {
  const coloured = renderSession(stuckTrail(), { columns: 80, isColoured: true });
  expect(coloured).toContain('\u001B[31m! RateLimitError'.replace('! ', ''));
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this takes out
  expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(renderSession(stuckTrail(), plain));
});

test('lists the screenshots of steps and events, and what was left out', () => {
  const steps = [
    makeStep({
      screenshots: [referenceOf(PNG), referenceOf(GIF)],
      warnings: ['a screenshot was left out: it is no PNG'],
    }),
  ];
  const observations = [
    makeObservation({
      type: 'EVENT',
      name: 'look',
      stepId: steps[0]?.id ?? '',
      screenshots: [referenceOf(PNG)],
    }),
  ];
  const shown = renderSession({ session: makeSession(), steps, observations }, plain);
  const [png, gif] = [PNG, GIF].map((bytes) => referenceOf(bytes).slice(0, 19));
  expect(shown).toContain(`│ screens  ${png}, ${gif}\n│ left out a screenshot was left out: it is no PNG\n`);
  expect(shown).toContain(`> screenshots: ${png}\n`);
});
