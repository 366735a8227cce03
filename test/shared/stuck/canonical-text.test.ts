import { describe, expect, test } from 'vitest';
import { canonicalText, canonicalValue } from '../../../src/shared/stuck/canonical-text.js';

describe('a state', () => {
  const SAME: readonly (readonly [what: string, left: string, right: string, form: string])[] = [
    ['case and space', 'Search  Page\n', 'search page', 'search page'],
    [
      'URLs, to origin and path with ids masked',
      'at https://Shop.example/orders/1042/items?page=2#top',
      'at https://shop.example/orders/77/items?page=3',
      'at https://shop.example/orders/<id>/items',
    ],
    [
      'uuids',
      'run 6f1c2a34-1111-4222-8333-abcdefabcdef',
      'run 00000000-1111-4222-8333-abcdefabcdef',
      'run <uuid>',
    ],
    ['hashes', 'commit 9fe4958ab12', 'commit 1ab2c3d4e5f', 'commit <hash>'],
    ['times', 'as of 2026-03-01T09:30:00Z', 'as of 2026-03-02 10:31:12', 'as of <time>'],
    ['dates', 'due 12/31/2026', 'due 1.2.2027', 'due <date>'],
    ['dates in words', 'due March 3, 2026', 'due 4 April 2026', 'due <date>'],
    ['money', 'total $1,042.50', 'total 12 EUR', 'total <money>'],
    ['numbers and element indexes', '[12] button of 40', '[7] button of 3', '[<n>] button of <n>'],
    [
      'order and volatile keys of JSON',
      '{"b":1,"a":"x","request_id":"r1"}',
      '{ "a": "x", "b": 2 }',
      '{"a":"x","b":<n>}',
    ],
  ];
  test.each(SAME)('is the same in spite of %s', (_what, left, right, form) => {
    expect([canonicalText(left, 'state'), canonicalText(right, 'state')]).toEqual([form, form]);
  });

  test('keeps words with digits in them apart', () => {
    expect(canonicalText('gpt4 and h1', 'state')).toBe('gpt4 and h1');
  });
});

describe('an action', () => {
  test('keeps every argument', () => {
    const given = { id: '6f1c2a34-1111-4222-8333-abcdefabcdef', page: 2, at: '10:30' };
    expect(canonicalValue(given, 'action')).toBe(
      '{"at":"10:30","id":"6f1c2a34-1111-4222-8333-abcdefabcdef","page":2}',
    );
  });
});

describe('an outcome', () => {
  test('keeps counts and loses what differs each time', () => {
    expect(canonicalText('3 of 9 failed in 1.2 s (attempt 4, pid 81) at 10:31:12', 'outcome')).toBe(
      '3 of 9 failed in <duration> (<attempt>, <pid>) at <time>',
    );
  });

  test('of a long text is made from its beginning, its end and its length', () => {
    const long = `${'a '.repeat(40_000)}end`;
    const form = canonicalText(long, 'outcome');
    expect(form.length).toBeLessThan(17_000);
    expect(form.endsWith('end')).toBe(true);
    expect(canonicalText(`${long}!`, 'outcome')).not.toBe(form);
  });
});

test('deep JSON and text that only looks like JSON do no harm', () => {
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  expect(canonicalText(deep, 'state')).not.toBe('');
  expect(canonicalText('{not json', 'state')).toBe('{not json');
});
