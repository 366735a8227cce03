import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Recording } from './recordings.js';

/** The header by which a request names the recording that answers it. */
export const RECORDING_HEADER = 'x-recording';

/** A loopback server that answers each request with the recording that the request names. */
export interface ReplayServer {
  origin: string;
  /** Method and path of the last request, as the SDK sent it. */
  lastRequest(): { method: string; path: string } | undefined;
  close(): Promise<void>;
}

export async function startReplayServer(recordings: ReadonlyMap<string, Recording>): Promise<ReplayServer> {
  let last: { method: string; path: string } | undefined;
  const server = createServer((request, response) => {
    last = { method: request.method ?? '', path: request.url ?? '' };
    request.resume();
    request.on('end', () => answer(recordings, request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    lastRequest: () => last,
    close: () => closed(server),
  };
}

function answer(
  recordings: ReadonlyMap<string, Recording>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const recording = recordings.get(String(request.headers[RECORDING_HEADER]));
  if (!recording) {
    response.writeHead(500).end('no such recording');
    return;
  }
  response.writeHead(recording.status, { 'content-type': recording.contentType });
  response.end(recording.answer);
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
