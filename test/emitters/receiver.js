/** An OTLP/HTTP receiver in memory, of spans and log records, under whatever path an emitter puts before `/v1`. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** `decode` has the two decoders of the package: it is built before they are loaded. */
export async function startReceiver({ decodeTraceRequest, decodeLogsRequest }) {
  const received = { spans: [], logs: [], faults: [] };
  const receive = async (request, response) => {
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const encoding = request.headers['content-type']?.startsWith('application/json') ? 'json' : 'protobuf';
    if (request.url.endsWith('/v1/traces')) received.spans.push(...decodeTraceRequest(body, encoding).spans);
    else if (request.url.endsWith('/v1/logs')) received.logs.push(...decodeLogsRequest(body, encoding).logs);
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/json' });
    response.end(encoding === 'json' ? '{}' : '');
  };
  const server = createServer((request, response) => {
    receive(request, response).catch((error) => {
      received.faults.push(String(error));
      response.writeHead(400).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** What has come since the last time that it was asked. */
    take() {
      const taken = { spans: received.spans.splice(0), logs: received.logs.splice(0) };
      if (received.faults.length > 0) throw new Error(received.faults.join('; '));
      return taken;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
