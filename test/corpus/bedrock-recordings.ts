import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One recorded request with its answer: JSON, or a binary event stream. */
export interface BedrockRecording {
  id: string;
  status: number;
  path: string;
  /** Last segment of the path: `converse`, `invoke-with-response-stream` … */
  action: string;
  modelId: string;
  body: Record<string, unknown>;
  contentType: string;
  answer: Buffer;
  isEvents: boolean;
}

interface Line {
  id: string;
  status: number;
  request: { path: string; host: string; body?: unknown };
  response: { contentType?: string; json?: unknown; text?: string; base64?: string };
}

/** Every recording of the runtime API for a model. Other APIs of the provider are in the same file. */
export function readBedrockRecordings(folder: string): BedrockRecording[] {
  return readFileSync(join(folder, 'bedrock.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((text) => {
      const line = JSON.parse(text) as Line;
      const [, model, action] = /\/model\/([^/]+)\/([^/?]+)$/.exec(line.request.path) ?? [];
      return model === undefined || action === undefined ? [] : [recordingOf(line, model, action)];
    });
}

function recordingOf(
  { id, status, request, response }: Line,
  model: string,
  action: string,
): BedrockRecording {
  const isEvents = response.base64 !== undefined;
  return {
    id,
    status,
    path: request.path,
    action,
    modelId: decodeURIComponent(model),
    body: (request.body ?? {}) as Record<string, unknown>,
    contentType: isEvents ? 'application/vnd.amazon.eventstream' : 'application/json',
    answer: isEvents
      ? Buffer.from(response.base64 ?? '', 'base64')
      : Buffer.from(response.text ?? JSON.stringify(response.json)),
    isEvents,
  };
}

/** The payloads of a binary event stream with the type of each. */
export function eventsOf(bytes: Buffer): { type: string; payload: unknown }[] {
  const events: { type: string; payload: unknown }[] = [];
  for (let at = 0; at < bytes.length;) {
    const total = bytes.readUInt32BE(at);
    const headerLength = bytes.readUInt32BE(at + 4);
    const headers = bytes.subarray(at + 12, at + 12 + headerLength);
    const payload = bytes.subarray(at + 12 + headerLength, at + total - 4).toString('utf8');
    events.push({ type: headerOf(headers, ':event-type'), payload: JSON.parse(payload) });
    at += total;
  }
  return events;
}

function headerOf(headers: Buffer, wanted: string): string {
  for (let at = 0; at < headers.length;) {
    const nameEnd = at + 1 + headers.readUInt8(at);
    const name = headers.toString('utf8', at + 1, nameEnd);
    // Every header of these streams is text: a type byte and two bytes of length stand before it.
    const valueEnd = nameEnd + 3 + headers.readUInt16BE(nameEnd + 1);
    if (name === wanted) return headers.toString('utf8', nameEnd + 3, valueEnd);
    at = valueEnd;
  }
  return '';
}

/**
 * A loopback server, of the HTTP version that the SDK speaks, that answers each request with the recording that the first
 * segment of its path names.
 */
export async function startBedrockServer(
  recordings: readonly BedrockRecording[],
): Promise<{ origin: string; paths: Map<string, string>; close: () => Promise<void> }> {
  const byId = new Map(recordings.map((recording) => [recording.id, recording]));
  const paths = new Map<string, string>();
  const server = createServer((request, response) => {
    const [, id = '', ...rest] = (request.url ?? '').split('/');
    paths.set(id, `/${rest.join('/')}`);
    request.resume();
    request.on('end', () => {
      const recording = byId.get(id);
      response.writeHead(recording?.status ?? 500, {
        'content-type': recording?.contentType ?? 'text/plain',
      });
      response.end(recording?.answer ?? 'no such recording');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    paths,
    // The clients close their sessions themselves.
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
