import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AnthropicInstrumentation } from '../../instrumentations/anthropic/index.js';
import { OpenAIInstrumentation } from '../../instrumentations/openai/index.js';
import { REGISTRY, spoorInstrumentations } from '../../instrumentations/registry.js';

const FOLDERS = readdirSync(new URL('../../instrumentations/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const facts = ({ name, modules, supports }: (typeof REGISTRY)[number]): object => ({
  name,
  modules,
  supports,
});

describe('the registry', () => {
  it('has one line for each folder', () => {
    expect(REGISTRY.map(({ name }) => name).toSorted()).toEqual(FOLDERS.toSorted());
  });

  it('says of each SDK what its folder says', () => {
    const own = [new OpenAIInstrumentation(), new AnthropicInstrumentation()].map((one) => facts(one.line()));
    expect(REGISTRY.map(facts)).toEqual(own);
  });

  it('gives OpenTelemetry instrumentations, new ones each time', () => {
    const [first, second] = [spoorInstrumentations(), spoorInstrumentations()];
    expect(first.map(({ instrumentationName }) => instrumentationName)).toEqual(
      REGISTRY.map(({ name }) => `spoor/${name}`),
    );
    expect(first.some((one, index) => one === second[index])).toBe(false);
    for (const one of [...first, ...second]) one.disable();
  });
});
