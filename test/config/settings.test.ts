import { afterEach, describe, expect, it } from 'vitest';
import {
  currentContentPolicy,
  refusesContent,
  setContentDefault,
  setContentPolicy,
} from '../../src/config/content-policy.js';
import { isLoopback, ownEndpoint, tracesUrl } from '../../src/config/endpoint.js';
import { readEnvironment } from '../../src/config/env.js';
import { ENVIRONMENT } from '../../src/config/environment.js';
import { OPTION_NAMES, parseOptions } from '../../src/config/options.js';
import { applyOptions, currentSettings, resetSettings, resolveSettings } from '../../src/config/settings.js';

afterEach(() => {
  resetSettings();
  setContentDefault(() => false);
});

const enabled = (value: string): boolean =>
  resolveSettings({}, { OTEL_SDK_DISABLED: value }).settings.enabled;
const url = (env: NodeJS.ProcessEnv, code = {}): string => tracesUrl(resolveSettings(code, env));

const ask = (text: string): void => {
  setContentPolicy(
    resolveSettings({}, { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: text }).settings.captureContent,
  );
};

describe('options', () => {
  it('accept snake case and the names of other products', () => {
    expect(
      parseOptions({
        service_name: 'a',
        collector_url: 'http://127.0.0.1:1',
        providers: { openai: false },
        storage: 'http',
        limits: { attribute_length: 10 },
        agentId: undefined,
      }),
    ).toEqual({
      serviceName: 'a',
      endpoint: 'http://127.0.0.1:1',
      instrumentations: { openai: false },
      storage: 'otlp',
      limits: { attributeLength: 10 },
    });
  });

  it.each([
    ['endpont', 'endpoint'],
    ['capture_contents', 'captureContent'],
    ['servicename', 'serviceName'],
  ])('name the nearest right key for %s', (wrong, right) => {
    expect(() => parseOptions({ [wrong]: 'x' })).toThrow(
      expect.objectContaining({
        code: 'SPOOR_OPTION_UNKNOWN',
        message: expect.stringContaining(`\`${right}\``) as string,
      }),
    );
  });

  it.each([
    { endpoint: 'not a url' },
    { endpoint: 'ftp://x' },
    { timeoutMs: '5' },
    { mask: 'x' },
    { mode: 'both' },
    { limits: { atributeLength: 1 } },
  ])('refuse the value of %o', (options) => {
    expect(() => parseOptions(options)).toThrow(
      expect.objectContaining({
        code: 'SPOOR_OPTION_INVALID',
        message: expect.stringContaining(Object.keys(options)[0] as string) as string,
      }),
    );
  });

  it('refuse what is no object', () => {
    expect(() => parseOptions('x')).toThrow(expect.objectContaining({ code: 'SPOOR_OPTION_INVALID' }));
  });
});

describe('the environment', () => {
  it('reads every variable of the table into an option that exists', () => {
    const options = ENVIRONMENT.flatMap(({ option }) => option ?? []);
    expect(options.length).toBeGreaterThan(15);
    for (const option of options) expect(OPTION_NAMES).toContain(option);
  });

  it('takes standard names first, then ours, then those of others, and says which won', () => {
    const env = {
      OTEL_SERVICE_NAME: 'standard',
      SPOOR_SERVICE_NAME: 'ours',
      FLUXLOOP_COLLECTOR_URL: 'http://f.example',
      LUCIDIC_API_KEY: 'k',
      LUCIDIC_AGENT_ID: 'a',
      SPOOR_API_KEY: '',
      OTEL_RESOURCE_ATTRIBUTES: 'team=core,note=a%20b',
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=v%3D1',
      SPOOR_INSTRUMENTATIONS: 'openai,-anthropic',
    };
    const { options, winners, problems } = readEnvironment(env);
    expect(options).toEqual({
      serviceName: 'standard',
      endpoint: 'http://f.example',
      apiKey: 'k',
      agentId: 'a',
      resourceAttributes: { team: 'core', note: 'a b' },
      headers: { 'x-key': 'v=1' },
      instrumentations: { openai: true, anthropic: false },
    });
    expect(winners).toMatchObject({ serviceName: 'OTEL_SERVICE_NAME', apiKey: 'LUCIDIC_API_KEY' });
    expect(problems).toEqual([]);
  });

  it('passes over a value that cannot be used, and names it without repeating it', () => {
    const { options, problems } = readEnvironment({
      SPOOR_MODE: 'sideways',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2',
      SPOOR_ENDPOINT: 'http://ok.example',
      SPOOR_TIMEOUT: 'soon',
    });
    expect(options).toEqual({ endpoint: 'http://ok.example' });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toMatch(/hunter2|sideways|soon/);
  });

  it('is switched off only by the word true', () => {
    expect([enabled('true'), enabled('TRUE'), enabled('false'), enabled('1'), enabled('')]).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('is beaten by code and beats defaults, option by option', () => {
    const { settings, sources } = resolveSettings(
      { serviceName: 'code' },
      { OTEL_SERVICE_NAME: 'env', SPOOR_SHUTDOWN_TIMEOUT: '50' },
    );
    expect([settings.serviceName, settings.shutdownTimeoutMs, settings.timeoutMs]).toEqual([
      'code',
      50,
      10_000,
    ]);
    expect([sources['serviceName'], sources['shutdownTimeoutMs'], sources['timeoutMs']]).toEqual([
      'code',
      'SPOOR_SHUTDOWN_TIMEOUT',
      'default',
    ]);
  });

  it('gives an option to a later call of code without losing those of an earlier one', () => {
    applyOptions({ serviceName: 'a', agentId: 'x' }, {});
    applyOptions({ agentId: 'y' }, {});
    expect(currentSettings()).toMatchObject({ serviceName: 'a', agentId: 'y' });
  });
});

describe('the endpoint', () => {
  it('gets the traces path, unless the traces-specific variable gave it', () => {
    expect(url({})).toBe('http://localhost:4318/v1/traces');
    expect(url({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:1/base/' })).toBe('http://c:1/base/v1/traces');
    expect(url({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:1/custom' })).toBe('http://c:1/custom');
    expect(url({}, { endpoint: 'https://c/v1/traces' })).toBe('https://c/v1/traces');
  });

  it('counts as loopback only on this machine', () => {
    const yes = [
      'http://localhost:1',
      'http://127.0.0.1',
      'http://127.9.9.9',
      'http://[::1]:2',
      'http://a.localhost',
    ];
    const no = [
      'http://localhost.example.com',
      'http://10.0.0.1',
      'http://127.0.0.1.example',
      'http://0.0.0.0',
      'x',
    ];
    expect(yes.map(isLoopback)).toEqual(yes.map(() => true));
    expect(no.map(isLoopback)).toEqual(no.map(() => false));
  });

  it('is our own only when it was given for spoor itself', () => {
    expect(ownEndpoint(resolveSettings({}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://app' }))).toBeUndefined();
    expect(ownEndpoint(resolveSettings({}, { SPOOR_ENDPOINT: 'http://mine' }))).toBe('http://mine/v1/traces');
    expect(ownEndpoint(resolveSettings({ endpoint: 'http://code' }, {}))).toBe('http://code/v1/traces');
  });
});

describe('the content policy', () => {
  it('is off when nobody asked, and on while the default says so', () => {
    let loopback = false;
    setContentDefault(() => loopback);
    expect(currentContentPolicy()).toMatchObject({
      system: false,
      input: false,
      output: false,
      tools: false,
      toolArguments: false,
    });
    loopback = true;
    expect(currentContentPolicy()).toMatchObject({
      system: true,
      input: true,
      output: true,
      tools: true,
      toolArguments: true,
    });
    loopback = false;
    expect(currentContentPolicy().input).toBe(false);
  });

  it.each([
    ['true', true],
    ['SPAN_ONLY', true],
    ['span_and_event', true],
    ['false', false],
    ['NO_CONTENT', false],
    ['EVENT_ONLY', false],
  ])('follows %s', (text, wanted) => {
    setContentDefault(() => !wanted);
    ask(text);
    expect([currentContentPolicy().input, currentContentPolicy().tools]).toEqual([wanted, wanted]);
    expect(refusesContent('input')).toBe(!wanted);
  });

  it('can be asked for part by part', () => {
    setContentDefault(() => true);
    setContentPolicy({ input: false, roles: ['user'] }, 10);
    expect(currentContentPolicy()).toEqual({
      system: true,
      input: false,
      output: true,
      tools: true,
      toolArguments: true,
      roles: ['user'],
      maxLength: 10,
    });
    expect([refusesContent('input'), refusesContent('output')]).toEqual([true, false]);
  });
});
