import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spoorInstrumentations } from '../../instrumentations/install.js';
import { lineOf, REGISTRY } from '../../instrumentations/registry.js';
import type { SdkDefinition } from '../../src/instrument/call-mapper.js';
import type { SdkInstrumentation } from '../../src/instrument/instrumentation-base.js';

const FOLDERS = readdirSync(new URL('../../instrumentations/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const facts = ({ load: _load, ...line }: (typeof REGISTRY)[number]): object => line;

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

  it('has the code of a folder at hand in its entry, and nothing for a name that is not there', async () => {
    const { href } = new URL('../../instrumentations/mistral/instrumentation.ts', import.meta.url);
    const { definition } = (await import(/* @vite-ignore */ href)) as { definition: SdkDefinition };
    expect((await instrumentationOf('mistral')).line().load()).toBe(definition);
    expect(() => lineOf('nobody', definition)).toThrow('the registry has no line for nobody');
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
