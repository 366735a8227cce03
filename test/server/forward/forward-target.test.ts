import { describe, expect, it } from 'vitest';
import { forwardTargets } from '../../../src/server/forward/forward-target.js';

describe('a target by the name of a preset', () => {
  const env = {
    LANGFUSE_PUBLIC_KEY: 'pk',
    LANGFUSE_SECRET_KEY: 'sk',
    LANGFUSE_HOST: 'https://lf.example.com',
  };

  it('has the address, the key and the dialect of the back end', () => {
    expect(forwardTargets(['langfuse'], '', undefined, env)).toMatchObject([
      {
        urls: { traces: 'https://lf.example.com/api/public/otel/v1/traces' },
        dialect: { name: 'langfuse' },
        headers: { authorization: `Basic ${Buffer.from('pk:sk').toString('base64')}` },
      },
    ]);
  });

  it('may be given another dialect, and further headers', () => {
    const [target] = forwardTargets(['phoenix=otel-genai'], 'x-team=a', 'openllmetry', {});
    expect(target).toMatchObject({
      urls: { traces: 'http://localhost:6006/v1/traces' },
      dialect: { name: 'otel-genai' },
      headers: { 'x-team': 'a' },
    });
  });

  it('says what is missing', () => {
    expect(() => forwardTargets(['langfuse'], '', undefined, {})).toThrow(
      /langfuse wants LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY to be set/,
    );
  });
});

describe('a target by its address', () => {
  it('takes the dialect that is said for all, unless it names its own', () => {
    const targets = forwardTargets(
      ['https://a.example', 'https://b.example=langfuse'],
      '',
      'openinference',
      {},
    );
    expect(targets.map(({ label, dialect }) => [label, dialect?.name])).toEqual([
      ['https://a.example', 'openinference'],
      ['https://b.example', 'langfuse'],
    ]);
  });

  it('names the presets when it is none', () => {
    expect(() => forwardTargets(['nowhere'])).toThrow(/"nowhere" is no target: .*jaeger, collector, phoenix/);
  });
});
