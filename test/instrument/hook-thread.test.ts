import { describe, expect, it } from 'vitest';
import { load, resolve } from '../../src/instrument/hook-thread.js';

const CONTEXT = { conditions: [], importAttributes: {}, parentURL: undefined };

/** Node puts hooks into the chain before their `initialize` is through. */
describe('the hooks of the hook thread, asked before they are set up', () => {
  it('let an import that was under way resolve', async () => {
    const found = { url: 'file:///a.js' };
    expect(await resolve('a.js', CONTEXT, () => found)).toEqual(found);
  });

  it('let an import that was under way load', async () => {
    const loaded = { format: 'module', source: 'export {}' } as const;
    const context = { ...CONTEXT, format: 'module' as const };
    expect(await load('file:///a.js', context, () => loaded)).toEqual(loaded);
  });
});
