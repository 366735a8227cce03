import { describe, expect, it } from 'vitest';
import { splitJsonList } from '../../src/store/split-json-list.js';

describe('splitting the text of a JSON list', () => {
  it.each([
    ['[]', ['']],
    ['[1]', ['1']],
    ['[1, "a,b" ,[2,3],{"k":[4,"]"]}]', ['1', ' "a,b" ', '[2,3]', '{"k":[4,"]"]}']],
    ['["\\\\",2]', ['"\\\\"', '2']],
    ['["\\"",2]', ['"\\""', '2']],
    ['[ \n1\n,\n2\n]', [' \n1\n', '\n2\n']],
  ])('%s', (text, items) => {
    expect(splitJsonList(text)).toEqual(items);
    expect(`[${items.join(',')}]`).toBe(text);
  });

  it.each(['', '[', 'x', '{}', '[1', '["a]', '["a\\"]', '[1]]', '[[1]', '[1}]', ' [1]'])(
    'leaves %j alone',
    (text) => {
      expect(splitJsonList(text)).toBeUndefined();
    },
  );
});
