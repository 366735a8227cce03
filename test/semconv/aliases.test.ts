import { describe, expect, it } from 'vitest';
import { EMIT_PROFILE, READ_ALIASES, findName, readAlias } from '../../semconv/aliases.js';
import * as attributes from '../../semconv/attributes.js';
import * as metrics from '../../semconv/metrics.js';
import * as own from '../../semconv/spoor-attributes.js';

const CURRENT = new Set<unknown>([...Object.values(attributes), ...Object.values(own)]);

describe('the emit profile', () => {
  it('emits the cache write count under its new name', () => {
    expect(EMIT_PROFILE.usage.cacheWrite).toBe('gen_ai.usage.cache_write.input_tokens');
  });

  it('names attributes and metrics that exist', () => {
    for (const name of Object.values(EMIT_PROFILE.usage)) expect(CURRENT).toContain(name);
    for (const name of Object.values(EMIT_PROFILE.metrics)) expect(metrics.METRICS).toHaveProperty([name]);
  });

  it('never emits a former name', () => {
    const former = Object.values(READ_ALIASES).flat();
    const emitted: readonly string[] = [
      ...Object.values(EMIT_PROFILE.usage),
      ...Object.values(EMIT_PROFILE.metrics),
    ];
    expect(emitted.filter((name) => former.includes(name))).toEqual([]);
    expect(Object.keys(READ_ALIASES).filter((name) => !CURRENT.has(name))).toEqual([]);
  });
});

describe('reading a fact by its names', () => {
  const key = attributes.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS;

  it('prefers the current name', () => {
    expect(readAlias({ 'gen_ai.usage.cache_creation.input_tokens': 1, [key]: 0 }, key)).toBe(0);
  });

  it('falls back to the newest former name', () => {
    const old = {
      'gen_ai.usage.cache_creation_input_tokens': 1,
      'gen_ai.usage.cache_creation.input_tokens': 2,
    };
    expect(readAlias(old, key)).toBe(2);
    expect(findName(old, key)).toBe('gen_ai.usage.cache_creation.input_tokens');
  });

  it('takes null for absent and never looks at the prototype', () => {
    expect(readAlias({ [key]: null, 'gen_ai.usage.cache_creation.input_tokens': 3 }, key)).toBe(3);
    expect(findName({}, 'toString')).toBeUndefined();
    expect(findName({}, '__proto__')).toBeUndefined();
  });
});
