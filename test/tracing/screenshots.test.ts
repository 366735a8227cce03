import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Options } from '../../src/config/options.js';
import { applyOptions, resetSettings } from '../../src/config/settings.js';
import { setBlobSink, type ImageBlob } from '../../src/tracing/blob-sink.js';
import { createEvent, updateEvent } from '../../src/tracing/events.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { withSession } from '../../src/tracing/sessions.js';
import { createStep, updateStep } from '../../src/tracing/steps.js';
import { captureDiagnostics } from '../support/captured-diagnostics.js';
import { GIF, JPEG, PNG, SVG, WEBP, hashOf, referenceOf, uniquePng } from '../support/images.js';
import { recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
let warnings: string[];
let sent: ImageBlob[];
let folder: string;
beforeEach(() => {
  spans = recordSpans();
  warnings = captureDiagnostics();
  sent = [];
  setBlobSink((blob) => sent.push(blob));
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-images-')));
});
afterEach(() => {
  diag.disable();
  resetSettings();
  setBlobSink(undefined);
  rmSync(folder, { recursive: true, force: true });
});

function stepWith(fields: object): Record<string, unknown> {
  withSession({ id: 's' }, () => createStep({ name: 'shot', ...fields }).end());
  const { attributes } = spans.named('step shot');
  return {
    screenshots: attributes['spoor.step.screenshots'],
    warnings: attributes['spoor.warnings'],
  };
}

const MIB = 1024 * 1024;
/** A command of the system: Node cannot make a named pipe. */
const MAKE_PIPE = 'mkfifo';

describe('a screenshot', () => {
  it.each([
    ['bytes', PNG],
    ['a view of a part of a buffer', new Uint8Array([1, 2, 3, ...PNG]).subarray(3)],
    ['an ArrayBuffer', Uint8Array.from(PNG).buffer],
    ['base64', PNG.toString('base64')],
    ['a data URI', `data:image/png;base64,${PNG.toString('base64')}`],
    [
      'a data URI that calls it something else',
      `data:image/svg+xml;charset=utf-8;base64,${PNG.toString('base64')}`,
    ],
  ])('given as %s is referred to by its hash, and sent on', (_form, screenshot) => {
    expect(stepWith({ screenshot })).toEqual({ screenshots: [referenceOf(PNG)], warnings: undefined });
    expect(sent).toEqual([
      { hash: hashOf(PNG), bytes: expect.anything(), type: { mediaType: 'image/png', extension: 'png' } },
    ]);
    expect(Buffer.from(sent[0]?.bytes ?? []).equals(PNG)).toBe(true);
  });

  it.each([
    ['JPEG', JPEG, 'image/jpeg'],
    ['WebP', WEBP, 'image/webp'],
    ['GIF', GIF, 'image/gif'],
  ])('may be a %s', (_name, screenshot, mediaType) => {
    expect(stepWith({ screenshot })).toEqual({ screenshots: [referenceOf(screenshot)], warnings: undefined });
    expect(sent[0]?.type.mediaType).toBe(mediaType);
  });

  it('is a copy: the program may use its buffer again', () => {
    const mine = Buffer.from(PNG);
    stepWith({ screenshot: mine });
    mine.fill(0);
    expect(Buffer.from(sent[0]?.bytes ?? []).equals(PNG)).toBe(true);
  });

  it('may be one of many, and one that is given twice is listed once', () => {
    const other = uniquePng('other');
    expect(stepWith({ screenshots: [PNG, other, PNG.toString('base64')] })).toEqual({
      screenshots: [referenceOf(PNG), referenceOf(other)],
      warnings: undefined,
    });
  });

  it('joins those that the step has, also after its end', () => {
    const [second, third] = [uniquePng('second'), uniquePng('third')];
    withSession({ id: 's' }, () => {
      const step = createStep({ name: 'x', screenshot: PNG });
      step.update({ goal: 'g' });
      step.update({ screenshot: second });
      step.end();
      updateStep({ stepId: step.id, screenshot: third });
    });
    expect(spans.named('step x').attributes['spoor.step.screenshots']).toEqual(
      [PNG, second].map(referenceOf),
    );
    expect(spans.named('amend step').attributes['spoor.step.screenshots']).toEqual(
      [PNG, second, third].map(referenceOf),
    );
  });

  it('of an event is on the event', () => {
    const late = uniquePng('late');
    withSession({ id: 's' }, () => {
      const event = createEvent({ name: 'look', screenshots: [PNG] });
      event.end();
      updateEvent({ eventId: event.id, screenshot: late });
      updateEvent({ eventId: 'of another process', screenshot: SVG });
    });
    expect(spans.named('look').attributes['spoor.event.screenshots']).toEqual([referenceOf(PNG)]);
    const amendments = spans.all().filter(({ name }) => name === 'amend event');
    expect(
      amendments.map(({ attributes }) => [
        attributes['spoor.event.screenshots'],
        attributes['spoor.warnings'],
      ]),
    ).toEqual([
      [[PNG, late].map(referenceOf), undefined],
      [undefined, ['a screenshot was left out: it is no PNG, JPEG, WebP or GIF']],
    ]);
  });

  it('in snake case is one too', () => {
    writeFileSync(join(folder, 'a.png'), PNG);
    applyOptions({ screenshotRoot: folder });
    expect(stepWith({ screenshot_path: join(folder, 'a.png') })).toEqual({
      screenshots: [referenceOf(PNG)],
      warnings: undefined,
    });
  });
});

describe('a broken screenshot', () => {
  it.each([
    ['SVG', SVG, 'it is no PNG, JPEG, WebP or GIF'],
    [
      'SVG in a data URI',
      `data:image/png;base64,${SVG.toString('base64')}`,
      'it is no PNG, JPEG, WebP or GIF',
    ],
    ['no base64', 'a path/of the user.png', 'it is no PNG, JPEG, WebP or GIF'],
    ['empty', '', 'it is no PNG, JPEG, WebP or GIF'],
    ['a data URI without base64', 'data:image/png,%89PNG', 'its data URI is not in base64'],
    ['a data URI without data', 'data:image/png;base64', 'its data URI is not in base64'],
    ['a number', 7, 'it is neither bytes nor a base64 text'],
    ['an object', {}, 'it is neither bytes nor a base64 text'],
    ['too large', uniquePng('', 10 * MIB), `it has more than ${10 * MIB} bytes`],
    ['too large in base64', uniquePng('', 10 * MIB).toString('base64'), `it has more than ${10 * MIB} bytes`],
  ])('(%s) is a warning on the step, and nothing is sent', (_what, screenshot, reason) => {
    expect(stepWith({ screenshot })).toEqual({
      screenshots: undefined,
      warnings: [`a screenshot was left out: ${reason}`],
    });
    expect(sent).toEqual([]);
    expect(warnings).toEqual([`spoor: a screenshot was left out: ${reason}`]);
  });

  it('takes no good one with it', () => {
    expect(stepWith({ screenshots: [SVG, PNG, 'nonsense'] })).toEqual({
      screenshots: [referenceOf(PNG)],
      warnings: ['a screenshot was left out: it is no PNG, JPEG, WebP or GIF'],
    });
  });

  it('is one above the size that was asked for', () => {
    applyOptions({ limits: { screenshotBytes: PNG.length } });
    expect(stepWith({ screenshots: [PNG, uniquePng('x')] })).toEqual({
      screenshots: [referenceOf(PNG)],
      warnings: [`a screenshot was left out: it has more than ${PNG.length} bytes`],
    });
  });
});

function inRoot(name: string): string {
  return join(folder, 'root', name);
}

describe('the path of a screenshot', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'root/deep'), { recursive: true });
    mkdirSync(join(folder, 'rooted'));
    writeFileSync(inRoot('deep/a.png'), PNG);
    writeFileSync(join(folder, 'secret.png'), PNG);
    writeFileSync(join(folder, 'rooted/b.png'), PNG);
    applyOptions({ screenshotRoot: join(folder, 'root') });
  });
  const outside = 'a screenshot was left out: its path leads out of the allowed folder';

  it.each(['deep/a.png', 'deep/../deep/./a.png'])('may be %s inside the root', (name) => {
    expect(stepWith({ screenshotPath: inRoot(name) })).toEqual({
      screenshots: [referenceOf(PNG)],
      warnings: undefined,
    });
  });

  it('may be a link that stays inside', () => {
    symlinkSync(inRoot('deep/a.png'), inRoot('link.png'));
    expect(stepWith({ screenshotPath: inRoot('link.png') })).toEqual({
      screenshots: [referenceOf(PNG)],
      warnings: undefined,
    });
  });

  it.each([
    ['..', '../secret.png'],
    ['a folder whose name begins like the root', '../rooted/b.png'],
    ['the root itself', '.'],
  ])('must not lead out by %s', (_how, name) => {
    expect(stepWith({ screenshotPath: join(folder, 'root', name) })).toEqual({
      screenshots: undefined,
      warnings: [outside],
    });
    expect(sent).toEqual([]);
  });

  it('must not lead out by a link to a file or a folder', () => {
    symlinkSync(join(folder, 'secret.png'), inRoot('file-link.png'));
    symlinkSync(join(folder, 'rooted'), inRoot('folder-link'));
    for (const name of ['file-link.png', 'folder-link/b.png']) {
      spans = recordSpans();
      expect(stepWith({ screenshotPath: inRoot(name) })).toEqual({
        screenshots: undefined,
        warnings: [outside],
      });
    }
  });

  it('is in the current folder by default', () => {
    applyOptions({});
    resetSettings();
    expect(stepWith({ screenshotPath: inRoot('deep/a.png') })).toEqual({
      screenshots: undefined,
      warnings: [outside],
    });
  });

  it('that names nothing, a folder or a pipe is a warning, and is not waited for', () => {
    execFileSync(MAKE_PIPE, [inRoot('pipe')]);
    for (const [name, reason] of [
      ['missing.png', 'its file cannot be read (ENOENT)'],
      ['deep', 'it is no regular file'],
      ['pipe', 'it is no regular file'],
      ['deep/a.png/b', 'its file cannot be read (ENOTDIR)'],
    ] as const) {
      spans = recordSpans();
      expect(stepWith({ screenshotPath: inRoot(name) })).toEqual({
        screenshots: undefined,
        warnings: [`a screenshot was left out: ${reason}`],
      });
    }
  });

  it('of a file that is too large is not read', () => {
    writeFileSync(inRoot('large.png'), uniquePng('', 100));
    applyOptions({ limits: { screenshotBytes: 100 } });
    expect(stepWith({ screenshotPath: inRoot('large.png') })).toEqual({
      screenshots: undefined,
      warnings: ['a screenshot was left out: it has more than 100 bytes'],
    });
  });
});

describe('no screenshot is read', () => {
  it.each<[string, Options]>([
    ['is refused', { captureContent: false }],
    ['that goes in is refused', { captureContent: { input: false } }],
  ])('when content %s', (_what, options) => {
    applyOptions(options);
    expect(stepWith({ screenshot: PNG, screenshotPath: '/nowhere' })).toEqual({
      screenshots: undefined,
      warnings: undefined,
    });
    expect([sent, warnings]).toEqual([[], []]);
  });

  it('when nothing records', () => {
    setProviderStarter(undefined);
    withSession({ id: 's' }, () => createStep({ screenshot: PNG, screenshotPath: '/nowhere' }).end());
    expect([sent, warnings]).toEqual([[], []]);
  });
});
