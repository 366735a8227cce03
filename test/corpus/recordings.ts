import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** One recorded request with its answer. */
export interface Recording {
  id: string;
  provider: string;
  status: number;
  method: string;
  host: string;
  path: string;
  /** Parsed JSON, or undefined when the recording lost it or when it was no JSON (forms). */
  body: Record<string, unknown> | undefined;
  /** The answer's media type, parameters included; empty when the recording lost it. */
  contentType: string;
  /** The answer as text: JSON or server-sent events. */
  answer: string;
}

interface Line {
  id: string;
  provider: string;
  status: number;
  request: { method: string; host: string; path: string; body?: unknown };
  response: { contentType?: string; json?: unknown; text?: string; base64?: string };
}

/** Where the corpus is, or undefined with the reason why its tests cannot run. */
export function corpusFolder(): { folder: string } | { reason: string } {
  const root = process.env['SPOOR_CORPUS'];
  if (root === undefined || root === '') return { reason: 'SPOOR_CORPUS is not set' };
  const folder = join(root, 'recordings');
  return existsSync(folder) ? { folder } : { reason: `SPOOR_CORPUS has no folder "recordings"` };
}

/** Every recording of a provider that `wanted` takes, and how many answers could not be decoded. */
export function readRecordings(
  folder: string,
  provider: string,
  wanted: (method: string, path: string) => boolean,
): { recordings: Recording[]; undecodable: string[] } {
  const recordings: Recording[] = [];
  const undecodable: string[] = [];
  for (const text of readFileSync(join(folder, `${provider}.jsonl`), 'utf8').split('\n')) {
    if (text === '') continue;
    const line = JSON.parse(text) as Line;
    if (!wanted(line.request.method, line.request.path)) continue;
    const answer = answerText(line.response);
    if (answer === undefined) undecodable.push(line.id);
    else recordings.push(recordingOf(line, answer));
  }
  return { recordings, undecodable };
}

function recordingOf(line: Line, answer: string): Recording {
  const { method, host, path, body } = line.request;
  return {
    id: line.id,
    provider: line.provider,
    status: line.status,
    method,
    host,
    path,
    body: typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined,
    contentType: line.response.contentType || (isEvents(answer) ? 'text/event-stream' : 'application/json'),
    answer: isEvents(answer) ? withLineEnds(answer) : answer,
  };
}

function answerText(response: Line['response']): string | undefined {
  if (response.json !== undefined) return JSON.stringify(response.json);
  if (response.text !== undefined) return response.text;
  return response.base64 === undefined ? '' : inflated(Buffer.from(response.base64, 'base64'));
}

/** Some were recorded compressed, without the header that says how. */
function inflated(bytes: Buffer): string | undefined {
  for (const inflate of [gunzipSync, brotliDecompressSync]) {
    try {
      return inflate(bytes).toString('utf8');
    } catch {
      // The next one may fit.
    }
  }
  return undefined;
}

export function isEvents(answer: string): boolean {
  return /^(event|data|:)/.test(answer.trimStart());
}

/** Some recorders dropped the empty line between two events, or the one at the end: without it an event is not whole. */
function withLineEnds(answer: string): string {
  return `${answer.replaceAll(/\}(?=(event|data): )/g, '}\n\n').trimEnd()}\n\n`;
}
