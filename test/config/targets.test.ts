import { describe, expect, it } from 'vitest';
import { PRESET_NAMES } from '../../src/config/preset-names.js';
import { PRESETS, readPreset } from '../../src/config/presets.js';
import { parseOptions, type Options } from '../../src/config/options.js';
import { resolveSettings } from '../../src/config/settings.js';
import { resolveTargets, type ResolvedTargets } from '../../src/config/targets.js';

function targetsOf(options: Options, env: NodeJS.ProcessEnv = {}): ResolvedTargets {
  return resolveTargets(resolveSettings(parseOptions(options), env), env);
}
const common = { compression: 'gzip', timeoutMs: 10_000 } as const;

describe('the receivers of spans', () => {
  it('are the one endpoint by default', () => {
    expect(targetsOf({ apiKey: 'k' })).toEqual({
      targets: [
        {
          url: 'http://localhost:4318/v1/traces',
          headers: { authorization: 'Bearer k' },
          protocol: 'http/json',
          ...common,
        },
      ],
      problems: [],
    });
  });

  it('are those of presets, with the keys of their own variables', () => {
    const env = {
      SPOOR_PRESET: 'langfuse, phoenix',
      LANGFUSE_PUBLIC_KEY: 'pk',
      LANGFUSE_SECRET_KEY: 'sk',
      LANGFUSE_BASE_URL: 'https://langfuse.example',
    };
    expect(targetsOf({}, env)).toEqual({
      targets: [
        {
          url: 'https://langfuse.example/api/public/otel/v1/traces',
          headers: { authorization: 'Basic cGs6c2s=', 'x-langfuse-ingestion-version': '4' },
          protocol: 'http/json',
          ...common,
        },
        { url: 'http://localhost:6006/v1/traces', headers: {}, protocol: 'http/protobuf', ...common },
      ],
      problems: [],
    });
  });

  it('of a preset without its key are left out, and the variable is named', () => {
    expect(targetsOf({ preset: ['jaeger', 'honeycomb'] })).toEqual({
      targets: [expect.objectContaining({ url: 'http://localhost:4318/v1/traces' })],
      problems: ['preset honeycomb: set HONEYCOMB_API_KEY'],
    });
  });

  it('are several, each with what is its own', () => {
    const { targets } = targetsOf({
      endpoint: 'http://ignored:1',
      protocol: 'http/protobuf',
      targets: [
        { endpoint: 'http://a:1' },
        { preset: 'phoenix', endpoint: 'http://b:2/base', headers: { 'x-team': 'core' } },
        { endpoint: 'http://c:3/v1/traces', apiKey: 'k', protocol: 'http/json', compression: 'none' },
        { endpoint: 'http://a:1/' },
      ],
    });
    expect(targets).toEqual([
      { url: 'http://a:1/v1/traces', headers: {}, protocol: 'http/protobuf', ...common },
      {
        url: 'http://b:2/base/v1/traces',
        headers: { 'x-team': 'core' },
        protocol: 'http/protobuf',
        ...common,
      },
      {
        url: 'http://c:3/v1/traces',
        headers: { authorization: 'Bearer k' },
        protocol: 'http/json',
        compression: 'none',
        timeoutMs: 10_000,
      },
    ]);
  });

  it('point one preset at an address of its own', () => {
    expect(targetsOf({ preset: 'jaeger', endpoint: 'http://jaeger:4318' }).targets[0]?.url).toBe(
      'http://jaeger:4318/v1/traces',
    );
  });

  it('are refused with an unknown preset, naming those that exist', () => {
    expect(() => parseOptions({ preset: 'jagger' })).toThrow(/preset/);
    expect(resolveSettings({}, { SPOOR_PRESET: 'jagger' }).problems).toEqual([
      `SPOOR_PRESET: expected names out of ${PRESET_NAMES.join(', ')}`,
    ]);
  });
});

describe('a preset', () => {
  it.each(PRESET_NAMES)('%s reads whole once its variables are set, and names them before', (name) => {
    const { needs } = PRESETS[name];
    const env = Object.fromEntries(needs.map((variable) => [variable, 'https://value.example']));
    const reading = readPreset(name, env);
    expect(reading.ok && URL.canParse(reading.endpoint)).toBe(true);
    expect(JSON.stringify(reading)).not.toContain('undefined');
    expect(readPreset(name, {})).toEqual(
      needs.length === 0 ? expect.objectContaining({ ok: true }) : { ok: false, missing: needs },
    );
  });
});
