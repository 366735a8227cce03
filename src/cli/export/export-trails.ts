import type { Session } from '../../../semconv/model/session.js';
import type { SessionResponse } from '../../server/api-types.js';
import type { Terminal } from '../command.js';
import type { Progress } from '../progress.js';
import type { Output } from '../span-files/output.js';
import type { TrailSource } from '../trail-source.js';
import { csvRecord } from '../../shared/csv.js';
import { FLAT_COLUMNS, flatRows } from './flat-rows.js';
import { renderHtml } from './html.js';
import { renderMermaid } from './mermaid.js';

/** Formats of one session or of all of them, and those of one session only. */
export const EXPORT_FORMATS = ['otlp', 'jsonl', 'csv', 'ndjson', 'mermaid', 'html'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const SINGLE_FORMATS: readonly ExportFormat[] = ['mermaid', 'html'];

export interface ExportWork {
  source: TrailSource;
  output: Output;
  progress: Progress;
}

const PAGE = 100;

/** Writes one session, or without one all of them. Returns how many spans or rows it wrote. */
export async function exportTrails(
  format: ExportFormat,
  only: SessionResponse | undefined,
  terminal: Terminal,
  work: ExportWork,
): Promise<number> {
  if (only !== undefined && format === 'html') return writeWhole(renderHtml(only), only, work);
  if (only !== undefined && format === 'mermaid') return writeWhole(renderMermaid(only), only, work);
  if (format === 'otlp' || format === 'jsonl') return writeSpans(format, only, terminal, work);
  return writeRows(format === 'csv' ? 'csv' : 'ndjson', only, terminal, work);
}

async function writeWhole(
  text: string,
  { observations }: SessionResponse,
  { output }: ExportWork,
): Promise<number> {
  await output.write(text);
  return observations.length;
}

/** The spans as they were received: one request, or one for each trace and line. */
async function writeSpans(
  format: 'otlp' | 'jsonl',
  only: SessionResponse | undefined,
  terminal: Terminal,
  { source, output, progress }: ExportWork,
): Promise<number> {
  let count = 0;
  let isFirst = true;
  if (format === 'otlp') await output.write('{"resourceSpans":[');
  for await (const traceId of only === undefined ? allTraces(source) : only.session.traceIds) {
    const request = await source.traceSpans(traceId);
    if (request === undefined) continue;
    count += spansIn(request.resourceSpans);
    if (format === 'jsonl') await output.write(`${JSON.stringify(request)}\n`);
    else {
      const items = request.resourceSpans.map((item) => JSON.stringify(item)).join(',\n');
      await output.write(`${isFirst ? '' : ','}\n${items}`);
    }
    isFirst = false;
    progress.show(() => `${count} spans`);
    if (terminal.stop.aborted) break;
  }
  if (format === 'otlp') await output.write('\n]}\n');
  return count;
}

async function writeRows(
  format: 'csv' | 'ndjson',
  only: SessionResponse | undefined,
  terminal: Terminal,
  { source, output, progress }: ExportWork,
): Promise<number> {
  let count = 0;
  if (format === 'csv') await output.write(csvRecord(FLAT_COLUMNS));
  for await (const trail of only === undefined ? allTrails(source) : [only]) {
    const rows = flatRows(trail);
    const lines = rows.map((row) =>
      format === 'csv'
        ? csvRecord(FLAT_COLUMNS.map((name) => row[name] ?? null))
        : `${JSON.stringify(row)}\n`,
    );
    if (lines.length > 0) await output.write(lines.join(''));
    count += rows.length;
    progress.show(() => `${count} rows`);
    if (terminal.stop.aborted) break;
  }
  return count;
}

async function* allTraces(source: TrailSource): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page = await source.traces({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const { traceId } of page.items) yield traceId;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

async function* allTrails(source: TrailSource): AsyncGenerator<SessionResponse> {
  for await (const { id } of allSessions(source)) {
    const trail = await source.session(id);
    if (trail !== undefined) yield trail;
  }
}

async function* allSessions(source: TrailSource): AsyncGenerator<Session> {
  let cursor: string | undefined;
  do {
    const page = await source.sessions({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function spansIn(resourceSpans: readonly unknown[]): number {
  let count = 0;
  for (const { scopeSpans = [] } of resourceSpans as { scopeSpans?: { spans?: unknown[] }[] }[]) {
    for (const { spans = [] } of scopeSpans) count += spans.length;
  }
  return count;
}
