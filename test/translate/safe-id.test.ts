import { describe, expect, it } from 'vitest';
import { safeId } from '../../src/translate/safe-id.js';

describe('an id that senders chose', () => {
  it('stays as it is when it is sane', () => {
    for (const id of ['a', '__proto__', '日本 🦊', 'x'.repeat(256), ' ']) expect(safeId(id)).toBe(id);
  });

  it('is none when it is empty or no text', () => {
    for (const id of ['', 7, null, undefined, {}, ['a']]) expect(safeId(id)).toBeUndefined();
  });

  it('is made well-formed and bounded, and two that differ stay two', () => {
    expect(safeId('a\0b\ud800c')).toBe('a\uFFFDb\uFFFDc');
    const [one, other] = [safeId(`${'x'.repeat(9999)}1`), safeId(`${'x'.repeat(9999)}2`)];
    expect(one).toHaveLength(257);
    expect(one).not.toBe(other);
    expect(safeId('🦊'.repeat(300))?.isWellFormed()).toBe(true);
  });
});
