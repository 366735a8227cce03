import { describe, expect, it } from 'vitest';
import { anyOf } from '../../src/sdk/any-of.js';

describe('anyOf', () => {
  it('finds each of its texts and nothing else', () => {
    const texts = ['ghp_', 'gho_', 'glpat-', 'gsk_', '://', 'a.b', '…[cut, ', 'x', 'xyz', '😀a', '😁a'];
    const found = new RegExp(anyOf(texts));
    expect(texts.filter((text) => !found.test(`before ${text} after`))).toEqual([]);
    expect(['gh_', 'glpat', 'a-b', 'gsk-', '[cut, ', '😀', '😂a'].filter((text) => found.test(text))).toEqual(
      [],
    );
  });

  it('writes a shared beginning once', () => {
    expect(anyOf(['ghp_', 'gho_', 'gsk_', 'a'])).toBe('(?:g(?:h(?:p_|o_)|sk_)|a)');
  });

  it('lets nothing follow a text that another one begins with', () => {
    expect(anyOf(['AI', 'AIza'])).toBe('AI');
  });
});
