import { expect, test } from 'vitest';
import { renderSessions } from '../../src/cli/render-sessions.js';
import { renderObservationLine, renderSessionLine } from '../../src/cli/render-tail.js';
import { makeObservation, makeSession, stuckTrail } from './trails.js';

const plain = { columns: 80, isColoured: false };

test('lists sessions with ids long enough to tell them apart', () => {
  const { endMs: _end, ...open } = makeSession({ id: '0190f2c1-bbbb', name: 'crawler', status: 'unset' });
  const items = [makeSession({ ...stuckTrail().session, id: '0190f2c1-aaaa' }), open];
  expect(renderSessions({ items, nextCursor: 'x' }, plain)).toBe(`\
ID          STARTED      STATUS  TIME    STEPS  CALLS  TOKENS  NAME
0190f2c1-a  03-01 09:30  error   12.4 s  2      2      13.5k   support-agent
0190f2c1-b  03-01 09:30  open            0      0      0       crawler
There are more; see --limit.
`);
});

test('says when there is no session', () => {
  expect(renderSessions({ items: [] }, plain)).toBe('No sessions.\n');
});

test('writes one line for a session and one for an observation', () => {
  const trail = stuckTrail();
  expect(renderSessionLine(trail.session, plain)).toBe(
    '09:30:12  session support-agent session-0001    error  2 steps  2 calls  1 error',
  );
  expect(trail.observations.map((observation) => renderObservationLine(observation, plain))).toEqual([
    '09:30:01  ● invoke_agent support                                           1.1 s',
    '09:30:01  ◆ chat gpt-4o-mini             812→120 (512 cached)  tool_calls  1.1 s',
    '09:30:02  ▸ find_order                                                     34 ms',
    '09:30:02  ▸ find_order                                                     34 ms',
    '09:30:02  ▸ find_order                                                     34 ms',
    '09:30:12  ◆ chat gpt-4o-mini                                        error  9.0 s',
  ]);
  expect(renderObservationLine(makeObservation({ requestModel: 'text-embed' }), plain)).toContain(
    '· work text-embed',
  );
});
