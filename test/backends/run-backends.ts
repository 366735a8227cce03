import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startIndependentCollector,
  type IndependentCollector,
} from '../independent-collector/start-independent-collector.js';
import type { BackEnd, HeldSpan, RunningBackEnd } from './back-end.js';
import { collector } from './collector.js';
import { compareShapes, compareSpans, type Comparison } from './compare-spans.js';
import { jaeger } from './jaeger.js';
import { phoenix } from './phoenix.js';
import { AGENT, PROGRAMS, sendToAll, type Program } from './programs.js';
import { runHosted } from './run-hosted.js';
import { runProgram } from './run-program.js';

export const BACK_ENDS: readonly BackEnd[] = [jaeger, collector, phoenix];

/** The receiver that is always there. The version is that of the definitions. */
const OFFICIAL = { backEnd: 'official protobuf definitions', version: '1.45.2' };

/** One check: what was sent where, and what came of it. */
export interface Row {
  readonly backEnd: string;
  readonly version: string;
  readonly what: string;
  readonly comparison?: Comparison;
  /** Why there is nothing to compare. */
  readonly skip?: string;
  readonly fault?: string;
}

export interface RunOptions {
  /** Builds and downloads nothing: what is not in the cache is skipped. */
  readonly cached?: boolean | undefined;
  /** Only back ends with this in their name. The receiver by the official definitions is always there. */
  readonly only?: string | undefined;
}

/** A back end that runs, with what is known of it. */
interface Running {
  readonly backEnd: BackEnd;
  readonly server: RunningBackEnd;
}

/** Sends the spans of real programs to real back ends and compares what they give back. Ends everything that it started. */
export async function runBackends({ cached = false, only = '' }: RunOptions): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'spoor-backends-'));
  const rows: Row[] = [];
  const running: Running[] = [];
  const json = await startIndependentCollector();
  const protobuf = await startIndependentCollector();
  try {
    for (const backEnd of BACK_ENDS.filter(({ name }) => name.includes(only))) {
      const started = await startBackEnd(backEnd, cached, newFolder(folder, backEnd.name));
      if ('server' in started) running.push(started);
      else rows.push(started);
    }
    let ofAgent: readonly HeldSpan[] = [];
    for (const [index, program] of PROGRAMS.entries()) {
      const service = `program-${index + 1}`;
      const targets = [
        { endpoint: json.url, protocol: 'http/json' },
        { endpoint: protobuf.url, protocol: 'http/protobuf' },
        ...running.map(({ backEnd, server }) => ({ preset: backEnd.name, endpoint: server.endpoint })),
      ];
      const ran = sendToAll(program, service, newFolder(folder, service), targets);
      const fault = await ran.then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (fault !== undefined) {
        rows.push({ ...OFFICIAL, what: program.name, fault });
        continue;
      }
      const expected = await received(json, program, service);
      if (program === AGENT) ofAgent = expected;
      rows.push(await checkReceivers(program, service, expected, protobuf));
      for (const one of running) rows.push(await checkBackEnd(one, program, service, expected));
    }
    for (const one of running) rows.push(await checkPreset(one, folder, ofAgent));
    rows.push(...(await runHosted(newFolder(folder, 'hosted'), ofAgent)));
  } finally {
    await Promise.allSettled([...running.map(({ server }) => server.stop()), json.close(), protobuf.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

function newFolder(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

async function startBackEnd(backEnd: BackEnd, cachedOnly: boolean, folder: string): Promise<Running | Row> {
  const row = { backEnd: backEnd.title, version: backEnd.version, what: 'everything' };
  const installed = await backEnd.install({ cachedOnly });
  if ('skip' in installed) return { ...row, ...installed };
  if ('fault' in installed) return { ...row, ...installed };
  try {
    return { backEnd, server: await backEnd.start(installed.program, folder) };
  } catch (error) {
    return { ...row, fault: String(error) };
  }
}

/** What the receiver by the official definitions has of a run, once it is whole; what there is, when that takes too long. */
async function received(
  receiver: IndependentCollector,
  { spans }: Program,
  service: string,
): Promise<HeldSpan[]> {
  const before = receiver.spans().filter((span) => !isOf(span, service)).length;
  await receiver.waitForSpans(before + spans).catch(() => undefined);
  return receiver.spans().filter((span) => isOf(span, service));
}

function isOf(span: HeldSpan, service: string): boolean {
  return span.resource?.attributes['service.name'] === service;
}

/** Both encodings must say the same, and every span of the program must be there. */
async function checkReceivers(
  program: Program,
  service: string,
  expected: readonly HeldSpan[],
  protobuf: IndependentCollector,
): Promise<Row> {
  const comparison = compareSpans(expected, await received(protobuf, program, service));
  return { ...OFFICIAL, what: program.name, comparison: withCount(comparison, program.spans) };
}

async function checkBackEnd(
  { backEnd, server }: Running,
  program: Program,
  service: string,
  expected: readonly HeldSpan[],
): Promise<Row> {
  const row = { backEnd: backEnd.title, version: backEnd.version, what: program.name };
  try {
    const held = await server.read({ service, spans: program.spans });
    const wanted = expected.map((span) => backEnd.represent(span as Parameters<BackEnd['represent']>[0]));
    return { ...row, comparison: withCount(compareSpans(wanted, held, backEnd), program.spans) };
  } catch (error) {
    return { ...row, fault: String(error) };
  }
}

/** The agent once more, set up as the users of a back end do: by the name of the preset, and its address. */
async function checkPreset(
  { backEnd, server }: Running,
  folder: string,
  expected: readonly HeldSpan[],
): Promise<Row> {
  const variable = backEnd.addressVariable ?? 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const service = `preset-${backEnd.name}`;
  const row = {
    backEnd: backEnd.title,
    version: backEnd.version,
    what: `example agent, \`SPOOR_PRESET=${backEnd.name}\``,
  };
  try {
    const env = { SPOOR_PRESET: backEnd.name, [variable]: server.endpoint };
    await runProgram({ program: AGENT.file, service, folder: newFolder(folder, service), env });
    const held = await server.read({ service, spans: AGENT.spans });
    const wanted = expected.map((span) => backEnd.represent(span as Parameters<BackEnd['represent']>[0]));
    return { ...row, comparison: withCount(compareShapes(wanted, held, backEnd), AGENT.spans) };
  } catch (error) {
    return { ...row, fault: String(error) };
  }
}

/** Nothing compared with nothing is no success. */
function withCount(comparison: Comparison, wanted: number): Comparison {
  if (comparison.spans === wanted) return comparison;
  const missing = `${comparison.spans} spans arrived instead of ${wanted}`;
  return { ...comparison, faults: [missing, ...comparison.faults] };
}
