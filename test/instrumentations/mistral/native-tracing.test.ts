import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  keepProviderReader,
  tracesItself,
} from '../../../instrumentations/mistral/instrumentation-native.js';

const client = (hook: object): object => ({
  _options: { hooks: { beforeRequestHooks: [{}, { _mistralTracingHook: true, ...hook }] } },
});

describe("the SDK's own tracing", () => {
  beforeEach(() => vi.stubEnv('MISTRAL_SDK_TELEMETRY', undefined));
  afterEach(() => vi.unstubAllEnvs());

  it('is off unless the program asked for it', () => {
    expect(tracesItself(client({}))).toBe(false);
    expect(tracesItself({})).toBe(false);
  });

  it('is left to itself with a provider of the program, and not with one of its own', () => {
    expect(tracesItself(client({ tracerProvider: {} }))).toBe(true);
    expect(tracesItself(client({ tracerProvider: {}, _autoTelemetryProvider: {} }))).toBe(false);
  });

  it('doubles nothing when it is to use a global provider that is not there', () => {
    vi.stubEnv('MISTRAL_SDK_TELEMETRY', ' Global ');
    expect(tracesItself(client({}))).toBe(false);
    expect(tracesItself(client({ _telemetryUseGlobalProvider: true }))).toBe(false);
  });

  it('is left to itself with a provider that was set for all clients', () => {
    let provider: object | undefined;
    const undo = keepProviderReader({ getRegisteredTracerProvider: () => provider });
    expect(tracesItself(client({}))).toBe(false);
    provider = {};
    expect(tracesItself(client({}))).toBe(true);
    for (const forget of undo) forget();
    expect(tracesItself(client({}))).toBe(false);
  });

  it('is told by nothing in a module of another shape', () => {
    expect(keepProviderReader({})).toEqual([]);
  });
});
