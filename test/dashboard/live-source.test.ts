import { expect, test } from 'vitest';
import { createEventReader } from '../../src/dashboard/feed/live-source.js';

const STREAM =
  ': sign of life\n\nid: 1\nevent: change\ndata: {"a":\ndata: 1}\n\nevent: reset\ndata: {}\n\nevent: change\nda';

test.each([1, 2, 7, 1_000])('reads events from a stream in pieces of %i', (size) => {
  const events: [string, string][] = [];
  const reader = createEventReader((type, data) => events.push([type, data]));
  for (let at = 0; at < STREAM.length; at += size) reader.push(STREAM.slice(at, at + size));
  expect(events).toEqual([
    ['change', '{"a":\n1}'],
    ['reset', '{}'],
  ]);
});
