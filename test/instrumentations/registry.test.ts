import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spoorInstrumentations } from '../../instrumentations/install.js';
import { REGISTRY } from '../../instrumentations/registry.js';
import type { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';

const FOLDERS = readdirSync(new URL('../../instrumentations/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const facts = ({ name, modules, supports }: (typeof REGISTRY)[number]): object => ({
  name,
  modules,
  supports,
});

/** What the folder exports as its instrumentation. */
async function instrumentationOf(folder: string): Promise<SdkInstrumentation> {
  const { href } = new URL(`../../instrumentations/${folder}/index.ts`, import.meta.url);
  const entry = (await import(/* @vite-ignore */ href)) as Record<string, unknown>;
  const name = Object.keys(entry).find((key) => key.endsWith('Instrumentation')) ?? '';
  return new (entry[name] as new (config: object) => SdkInstrumentation)({ enabled: false });
}

describe('the registry', () => {
  it('has one line for each folder', () => {
    expect(REGISTRY.map(({ name }) => name).toSorted()).toEqual(FOLDERS.toSorted());
  });

  it('says of each SDK what its folder says', async () => {
    const own = await Promise.all(REGISTRY.map(({ name }) => instrumentationOf(name)));
    expect(REGISTRY.map(facts)).toEqual(own.map((one) => facts(one.line())));
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
