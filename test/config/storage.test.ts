import { afterEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/env.js';
import { parseOptions } from '../../src/config/options.js';
import { resetSettings } from '../../src/config/settings.js';
import { storageList } from '../../src/config/storage.js';

afterEach(() => resetSettings());

describe('the option storage', () => {
  it.each([
    ['http', 'otlp'],
    ['FILE', 'file'],
    [
      ['http', 'file'],
      ['otlp', 'file'],
    ],
    [['none'], ['none']],
  ])('%j is %j', (given, storage) => {
    expect(parseOptions({ storage })).toEqual({ storage });
    expect(parseOptions({ storage: given })).toEqual({ storage });
  });

  it.each([['disk'], [[]], [['file', 'none']], [['file', 'disk']], [7]])('refuses %j', (storage) => {
    expect(() => parseOptions({ storage })).toThrow(
      expect.objectContaining({
        code: 'SPOOR_OPTION_INVALID',
        message: expect.stringContaining('storage') as string,
      }),
    );
  });

  it('is a list, each entry once', () => {
    expect(storageList(undefined)).toEqual(['otlp']);
    expect(storageList('none')).toEqual([]);
    expect(storageList(['file', 'otlp', 'file'])).toEqual(['file', 'otlp']);
  });
});

describe('its variables', () => {
  it.each<[Record<string, string>, unknown]>([
    [{ OTEL_TRACES_EXPORTER: 'otlp,console' }, ['otlp', 'console']],
    [{ OTEL_TRACES_EXPORTER: 'jaeger, otlp' }, 'otlp'],
    [{ OTEL_TRACES_EXPORTER: 'none' }, 'none'],
    [{ SPOOR_STORAGE: 'file,none' }, 'file'],
    [{ SPOOR_STORAGE: ' Http , FILE ' }, ['otlp', 'file']],
    [{ FLUXLOOP_STORAGE: 'memory' }, 'memory'],
    [{ FLUXLOOP_USE_COLLECTOR: 'false' }, 'file'],
    [{ FLUXLOOP_USE_COLLECTOR: 'true' }, undefined],
    [{ FLUXLOOP_USE_COLLECTOR: 'false', SPOOR_STORAGE: 'otlp' }, 'otlp'],
  ])('%j ask for %j', (env, storage) => {
    const { options, problems } = readEnvironment(env);
    expect(options.storage).toEqual(storage);
    expect(problems).toEqual([]);
  });

  it('are passed over when they name nothing that exists', () => {
    expect(readEnvironment({ SPOOR_STORAGE: 'disk' })).toEqual({
      options: {},
      winners: {},
      problems: ['SPOOR_STORAGE: expected one or more of otlp, file, memory, console, none'],
    });
  });
});

describe('names of other products', () => {
  it('set the options that mean the same', () => {
    const env = {
      FLUXLOOP_BASE_PATH: './t',
      FLUXLOOP_RECORD_ARGS: 'true',
      FLUXLOOP_RECORDING_FILE: 'r.jsonl',
      FLUXLOOP_TIMEOUT: '2.5',
      FLUXLOOP_ENVIRONMENT: 'staging',
      OTEL_RESOURCE_ATTRIBUTES: 'team=core',
      LUCIDIC_VERBOSE: '1',
    };
    expect(readEnvironment(env)).toEqual({
      options: {
        basePath: './t',
        recordArgs: true,
        recordingFile: 'r.jsonl',
        timeoutMs: 2500,
        resourceAttributes: { 'deployment.environment.name': 'staging', team: 'core' },
        debug: true,
      },
      winners: {
        basePath: 'FLUXLOOP_BASE_PATH',
        recordArgs: 'FLUXLOOP_RECORD_ARGS',
        recordingFile: 'FLUXLOOP_RECORDING_FILE',
        timeoutMs: 'FLUXLOOP_TIMEOUT',
        resourceAttributes: 'OTEL_RESOURCE_ATTRIBUTES',
        debug: 'LUCIDIC_VERBOSE',
      },
      problems: [],
    });
  });

  it('do not beat a standard attribute of the same name', () => {
    const env = {
      FLUXLOOP_ENVIRONMENT: 'staging',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production',
    };
    expect(readEnvironment(env).options.resourceAttributes).toEqual({
      'deployment.environment.name': 'production',
    });
  });

  it('are options too', () => {
    const mask = String;
    expect(
      parseOptions({
        session_name: 'job',
        masking_function: mask,
        providers: ['openai', 'anthropic'],
        base_path: './t',
        record_args: true,
        recording_file: 'r.jsonl',
      }),
    ).toEqual({
      session: 'job',
      mask,
      instrumentations: { openai: true, anthropic: true },
      basePath: './t',
      recordArgs: true,
      recordingFile: 'r.jsonl',
    });
    expect(() => parseOptions({ providers: [1] })).toThrow(
      expect.objectContaining({ code: 'SPOOR_OPTION_INVALID' }),
    );
  });
});
