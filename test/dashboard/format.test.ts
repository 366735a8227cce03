import { describe, expect, it } from 'vitest';
import {
  formatCompact,
  formatCost,
  formatCount,
  formatDuration,
  formatPlural,
  formatTime,
  formatValue,
} from '../../src/dashboard/model/format.js';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [0.42, '0.4 ms'],
    [312.4, '312 ms'],
    [999.6, '1 s'],
    [4_210, '4.21 s'],
    [12_340, '12.3 s'],
    [59_960, '1 min 0 s'],
    [192_000, '3 min 12 s'],
    [7_500_000, '2 h 5 min'],
  ])('says %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([undefined, Number.NaN, Infinity, -1])('has a dash for %s', (ms) => {
    expect(formatDuration(ms)).toBe('–');
  });
});

describe('numbers', () => {
  it('groups digits in full and shortens them in columns', () => {
    expect(
      [1_234_567, 999, 1_000, 12_345, 999_960].map((count) => [formatCount(count), formatCompact(count)]),
    ).toEqual([
      ['1,234,567', '1.23M'],
      ['999', '999'],
      ['1,000', '1k'],
      ['12,345', '12.3k'],
      ['999,960', '1M'],
    ]);
    expect([formatCount(undefined), formatCompact(undefined)]).toEqual(['–', '–']);
  });

  it('keeps three digits of a small cost', () => {
    expect([undefined, 0, 0.0042, 0.000_012_3, 0.5, 12.3].map(formatCost)).toEqual([
      '–',
      '$0',
      '$0.0042',
      '$0.0000123',
      '$0.5',
      '$12.30',
    ]);
  });

  it('counts in words', () => {
    expect([formatPlural(1, 'step'), formatPlural(0, 'step'), formatPlural(2_000, 'step')]).toEqual([
      '1 step',
      '0 steps',
      '2,000 steps',
    ]);
  });
});

describe('times', () => {
  const noon = new Date(2026, 4, 3, 12, 30, 5).getTime();

  it('leave the date out when it is today', () => {
    expect(formatTime(noon, noon + 60_000)).toBe('12:30:05');
    expect(formatTime(noon, noon + 86_400_000)).toBe('3 May 2026, 12:30:05');
    expect(formatTime(Number.NaN, noon)).toBe('–');
  });
});

describe('values', () => {
  it('are text as it is and JSON otherwise, on one line when it is short', () => {
    const long = 'x'.repeat(80);
    expect([
      formatValue('<b>'),
      formatValue({ a: [1] }),
      formatValue({ long }),
      formatValue(undefined),
    ]).toEqual(['<b>', '{"a":[1]}', `{\n  "long": "${long}"\n}`, '–']);
  });
});
