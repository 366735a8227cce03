import { describe, expect, it } from 'vitest';
import {
  GENAI_ATTRIBUTE_PREFIXES,
  hasGenAiAttributes,
} from '../../../semconv/dialects/attribute-prefixes.js';
import { DIALECTS } from '../../../semconv/dialects/index.js';

/** Claude Code is a program of its own, and its attributes have no prefix: no app has spans of it to tell apart. */
const OF_OTHER_PROGRAMS = ['claude-code'];
const foreign = DIALECTS.filter(({ name }) => name !== 'spoor' && !OF_OTHER_PROGRAMS.includes(name));

describe('hasGenAiAttributes', () => {
  it.each(foreign.map((dialect) => [dialect.name, dialect] as const))(
    'knows the samples of %s by their attributes',
    (_, { samples }) => {
      const missed = samples.filter(({ span }) => !hasGenAiAttributes(span.attributes));
      expect(samples.length).toBeGreaterThan(0);
      expect(missed.map(({ title }) => title)).toEqual([]);
    },
  );

  it('knows each prefix, and nothing that only begins alike', () => {
    for (const prefix of GENAI_ATTRIBUTE_PREFIXES) {
      expect([prefix, hasGenAiAttributes({ 'http.method': 'GET', [`${prefix}x`]: 1 })]).toEqual([
        prefix,
        true,
      ]);
      expect([prefix, hasGenAiAttributes({ [`a${prefix}x`]: 1, [prefix.slice(0, -1)]: 1 })]).toEqual([
        prefix,
        false,
      ]);
    }
  });

  it('takes what other instrumentations say for what it is', () => {
    const attributes = {
      'http.request.method': 'POST',
      'server.address': 'api.openai.com',
      'db.system.name': 'postgresql',
      'aws.region': 'eu',
      'session.id': 's',
      'spoor.tags': ['a'],
    };
    expect(hasGenAiAttributes(attributes)).toBe(false);
  });
});
