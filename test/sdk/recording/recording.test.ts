import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../../src/late-modules.js';
import { applyOptions, resetSettings } from '../../../src/config/settings.js';
import {
  disableRecording,
  enableRecording,
  followRecordingSettings,
  recordCallArgs,
  resetRecording,
  setRecordingOptions,
} from '../../../src/sdk/recording/recording.js';
import { currentCallRecorder, type WrappedCall } from '../../../src/tracing/call-recorder.js';
import { resetReported } from '../../../src/tracing/diag.js';
import { captureDiagnostics } from '../../support/captured-diagnostics.js';

provideLateModules();

let folder: string;
let file: string;
let messages: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-recording-'));
  file = join(folder, 'recordings/args.jsonl');
  messages = captureDiagnostics();
  resetReported();
});
afterEach(() => {
  resetRecording();
  setRecordingOptions({ iterationAutoIncrement: true });
  resetSettings();
  diag.disable();
  rmSync(folder, { recursive: true, force: true });
});

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;

function lines(path = file): Record<string, unknown>[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What a wrapped function does before it runs. */
function call(type: WrappedCall['type'], fn: WrappedCall['fn'], ...args: unknown[]): void {
  currentCallRecorder()?.({ target: fn.name, type, fn, args });
}

function handle(request: unknown, send?: unknown): unknown {
  return [request, send];
}
function other(...all: unknown[]): unknown {
  return all;
}
function run(): void {
  // Only its name matters.
}
function follow(options: object): void {
  followRecordingSettings(applyOptions(options, {}).settings);
}

describe('recording', () => {
  it('writes the arguments of agents by name, numbered for each target', () => {
    enableRecording(file);
    call('AGENT', handle, { text: 'hi' }, console.log);
    call('TOOL', handle, { text: 'no agent' });
    call('AGENT', other, 1, 'two', undefined);
    call('AGENT', handle, { text: 'again' });
    expect(lines()).toEqual([
      {
        _version: '1',
        iteration: 0,
        target: 'handle',
        args: [],
        kwargs: { request: { text: 'hi' }, send: '<callable:log>' },
        timestamp: TIME,
      },
      {
        _version: '1',
        iteration: 0,
        target: 'other',
        args: [1, 'two', '<repr:undefined>'],
        kwargs: {},
        timestamp: TIME,
      },
      {
        _version: '1',
        iteration: 1,
        target: 'handle',
        args: [],
        kwargs: { request: { text: 'again' } },
        timestamp: TIME,
      },
    ]);
  });

  it('writes what is given by hand, and nothing while it is off', () => {
    recordCallArgs('app:run', { a: 1 });
    enableRecording(file);
    recordCallArgs('app:run', { a: 1 });
    recordCallArgs(run, [1, 2], { iteration: 7 });
    recordCallArgs('app:run', { a: 2 }, { iteration: Number.NaN });
    disableRecording();
    recordCallArgs('app:run', { a: 3 });
    expect(currentCallRecorder()).toBeUndefined();
    enableRecording(file);
    setRecordingOptions({ iteration_auto_increment: false } as object);
    recordCallArgs('app:run', { a: 4 });
    recordCallArgs('app:run', { a: 5 });
    expect(lines().map(({ target, iteration, args, kwargs }) => [target, iteration, args, kwargs])).toEqual([
      ['app:run', 0, [], { a: 1 }],
      ['run', 7, [1, 2], {}],
      ['app:run', 1, [], { a: 2 }],
      ['app:run', 2, [], { a: 4 }],
      ['app:run', 2, [], { a: 5 }],
    ]);
  });

  it('masks by whole segments of keys, and keeps what only looks like a secret', () => {
    applyOptions({ mask: (text, { concept }) => text.replaceAll('Jane', concept) }, {});
    enableRecording(file);
    recordCallArgs('t', {
      api_key: 'sk-1',
      token: { deep: ['x'] },
      keyboard: 'qwerty',
      author: 'Jane',
      authToken: () => undefined,
      list: [{ password: 'p', name: 'n' }],
    });
    expect(lines()[0]?.['kwargs']).toEqual({
      api_key: '[masked]',
      token: { deep: ['[masked]'] },
      keyboard: 'qwerty',
      author: 'recording',
      authToken: '<callable:authToken>',
      list: [{ password: '[masked]', name: 'n' }],
    });
  });

  it('writes what JSON has no form for as marks, and runs none of its code', () => {
    enableRecording(file);
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    let drained = 0;
    function* numbers(): Generator<number> {
      drained += 1;
      yield 1;
    }
    class Request {
      text = 'hi';
      callback = (): undefined => undefined;
      get secretly(): string {
        drained += 1;
        return 'x';
      }
    }
    recordCallArgs('t', {
      big: 10n,
      date: new Date(0),
      map: new Map([['a', 1]]),
      numbers: numbers(),
      promise: Promise.resolve(1),
      buffer: Buffer.from('abc'),
      nan: Number.NaN,
      cycle,
      request: new Request(),
      touchy: {
        toJSON: () => {
          throw new RangeError('no');
        },
      },
      nothing: null,
      get got(): string {
        drained += 1;
        return 'x';
      },
    });
    expect(lines()[0]?.['kwargs']).toEqual({
      big: '<repr:10n>',
      date: '<repr:1970-01-01T00:00:00.000Z>',
      map: { a: 1 },
      numbers: '<repr:[Generator]>',
      promise: '<repr:[Promise]>',
      buffer: '<repr:[Buffer, 3 bytes]>',
      nan: '<repr:NaN>',
      cycle: { self: '<repr:[Circular $]>' },
      request: { text: 'hi', callback: '<callable:callback>' },
      touchy: { toJSON: '<callable:toJSON>', '[toJSON threw]': 'RangeError' },
      nothing: null,
      got: '<repr:[Getter]>',
    });
    expect(drained).toBe(0);
  });

  it('keeps the form of a line when the arguments are too long', () => {
    applyOptions({ limits: { attributeLength: 2000 } }, {});
    enableRecording(file);
    recordCallArgs('t', { text: 'x'.repeat(100_000), id: 7 });
    recordCallArgs(
      't',
      Array.from({ length: 5000 }, (_, index) => index),
    );
    const [cut, thinned] = lines();
    expect(cut).toMatchObject({ _version: '1', iteration: 0, target: 't', truncated: true, timestamp: TIME });
    expect(cut?.['kwargs']).toMatchObject({ id: 7 });
    expect(JSON.stringify(cut).length).toBeLessThan(2200);
    expect(thinned).toMatchObject({ truncated: true, kwargs: {} });
    expect(Array.isArray(thinned?.['args'])).toBe(true);
  });

  it('never disturbs the program, and says once what keeps it from writing', () => {
    writeFileSync(join(folder, 'recordings'), 'in the way');
    enableRecording(file);
    recordCallArgs('t', { a: 1 });
    recordCallArgs('t', { a: 2 });
    recordCallArgs(
      't',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('mine');
          },
        },
      ),
    );
    expect(messages.filter((message) => message.includes('could not be recorded in'))).toHaveLength(1);
    expect(messages).toHaveLength(2);
  });
});

describe('the options', () => {
  it('switch it on and off', () => {
    follow({ recordArgs: true, recordingFile: file });
    expect(currentCallRecorder()).toBeDefined();
    recordCallArgs('t', { a: 1 });
    follow({ recordArgs: false });
    expect(currentCallRecorder()).toBeUndefined();
    recordCallArgs('t', { a: 2 });
    expect(lines()).toHaveLength(1);
  });

  it('do not undo what was switched by hand', () => {
    enableRecording(file);
    follow({ serviceName: 'x' });
    expect(currentCallRecorder()).toBeDefined();
    follow({ recordArgs: true, recordingFile: file });
    disableRecording();
    follow({ serviceName: 'y' });
    expect(currentCallRecorder()).toBeUndefined();
  });

  it('give the file that is recorded in by hand', () => {
    follow({ recordingFile: file });
    enableRecording();
    recordCallArgs('t', { a: 1 });
    expect(lines()).toHaveLength(1);
  });
});
