import { describe, expect, test } from 'vitest';
import {
  formatCost,
  formatDuration,
  formatPlural,
  formatShortCount,
  formatTime,
} from '../../src/cli/format.js';
import { findRepeats } from '../../src/cli/repeated-calls.js';
import { toSafeJson, toSafeText } from '../../src/cli/safe-text.js';
import { cutText, padText, textWidth } from '../../src/cli/text-width.js';
import { makeObservation } from './trails.js';

describe('text width', () => {
  test.each([
    ['plain', 5],
    ['naïve', 5],
    ['e\u0301', 1],
    ['日本語', 6],
    ['한국어', 6],
    ['ＡＢ', 4],
    ['👍', 2],
    ['👩‍💻', 2],
    ['🇳🇱', 2],
    ['→ … ◆', 5],
  ])('counts the columns of %s', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  test('cuts between characters that a reader sees, never inside one', () => {
    expect([1, 2, 3, 4, 5].map((width) => cutText('日本語', width))).toEqual([
      '…',
      '…',
      '日…',
      '日…',
      '日本…',
    ]);
    expect(cutText('👩‍💻👩‍💻👩‍💻', 5)).toBe('👩‍💻👩‍💻…');
    expect(cutText('short', 5)).toBe('short');
    expect(cutText('text', 0)).toBe('');
  });

  test('pads by columns', () => {
    expect(padText('日', 4)).toBe('日  ');
  });
});

describe('safe text', () => {
  test.each([
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B]8;;http://evil\u0007link\u001B]8;;\u0007', 'link'],
    ['\u001B]0;unterminated title', 'nterminated title'],
    ['a\r\nb\tc\u0000d', 'a b c d'],
    ['\u202Eabc\u2066\u200B\uFEFFd', 'abcd'],
    ['\uD83D', '\uFFFD'],
    ['👩‍💻', '👩‍💻'],
  ])('makes %j harmless', (text, safe) => {
    expect(toSafeText(text)).not.toMatch(/[\p{Cc}]/u);
    expect(toSafeText(text)).toBe(safe);
  });

  test('writes JSON that parses to the same and holds no control characters', () => {
    const value = { text: '\u001B[31m \u009B2J \u202E \u2028 \u007F', list: [1, null] };
    expect(toSafeJson(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(JSON.parse(toSafeJson(value))).toEqual(value);
  });
});

test('formats durations, counts, costs and times', () => {
  expect([0.04, 0.5, 34.4, 999.4, 1_000, 59_900, 59_960, 185_000, 7_800_000, -5].map(formatDuration)).toEqual(
    [
      '0.0 ms',
      '0.5 ms',
      '34 ms',
      '999 ms',
      '1.0 s',
      '59.9 s',
      '1 min 0 s',
      '3 min 5 s',
      '2 h 10 min',
      '0.0 ms',
    ],
  );
  expect([0, 999, 1_000, 999_949, 999_950].map(formatShortCount)).toEqual([
    '0',
    '999',
    '1.0k',
    '999.9k',
    '1.0M',
  ]);
  expect([1.25, 0.00421].map(formatCost)).toEqual(['$1.25', '$0.0042']);
  expect([formatPlural(1, 'step'), formatPlural(1_200, 'step')]).toEqual(['1 step', '1,200 steps']);
  expect(formatTime(Number.NaN)).toBe('?');
});

test('takes calls without captured input for no repeats', () => {
  const tool = { name: 'search', arguments: { q: 1 } };
  const same = [makeObservation({ tool }), makeObservation({ tool })];
  const bare = [makeObservation({ tool: { name: 'search' } }), makeObservation({ tool: { name: 'search' } })];
  expect([
    ...findRepeats([...same, ...bare, makeObservation({ tool: { ...tool, arguments: 2 } })]).values(),
  ]).toEqual([
    { nth: 1, of: 2 },
    { nth: 2, of: 2 },
  ]);
});
