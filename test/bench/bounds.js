/**
 * What the rows of `npm run bench` may be at most: the name of a row, what of it is looked at (`ratio`, as the table shows it,
 * or `spoor`, in the unit of the row) and the bound. A run with fewer rounds shows them and does not judge by them.
 *
 * @type {Readonly<Record<string, { what: 'ratio' | 'spoor', most: number }>>}
 */
export const BOUNDS = {
  'openai, plain call': { what: 'ratio', most: 1.5 },
  'anthropic, plain call': { what: 'ratio', most: 1.5 },
  'openai, one more chunk': { what: 'spoor', most: 150 },
  'anthropic, one more chunk': { what: 'spoor', most: 150 },
  'wrapped tool, sync': { what: 'ratio', most: 1.3 },
  'wrapped prompt, async': { what: 'ratio', most: 1.3 },
  'wrapped tool, switched off': { what: 'spoor', most: 100 },
  'wrapped tool, session left out': { what: 'spoor', most: 100 },
  'durability `crash`, a span, from start to sent': { what: 'spoor', most: 15 },
  'durability `crash`, a span that waits, from start to sent': { what: 'spoor', most: 15 },
  'durability `exit`, end of the process': { what: 'spoor', most: 50 },
  'durability `crash`, end of the process': { what: 'spoor', most: 50 },
  'preload, ESM app, until its first line': { what: 'ratio', most: 0.6 },
  'preload, CJS app, until its first line': { what: 'ratio', most: 0.6 },
  'decode and commit': { what: 'ratio', most: 2 },
  'decode protobuf, floor: protobufjs': { what: 'ratio', most: 1 },
  'decode protobuf, floor: @bufbuild/protobuf': { what: 'ratio', most: 1 },
  '50-turn agent, in the store': { what: 'ratio', most: 0.1 },
};
