import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

const UNPACK = { gzip: gunzipSync, br: brotliDecompressSync };

/** A loopback receiver of Sentry envelopes: lines of JSON, a header before each item. */
export async function startSentryServer() {
  const items = [];
  const receive = async (request, response) => {
    const sent = await buffer(request);
    const unpack = UNPACK[request.headers['content-encoding']] ?? ((bytes) => bytes);
    items.push(...itemsOf(unpack(sent).toString('utf8')));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => {
    receive(request, response).catch((error) => response.writeHead(400).end(String(error)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    dsn: `http://key@127.0.0.1:${server.address().port}/1`,
    items,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function itemsOf(envelope) {
  const lines = envelope.split('\n').slice(1);
  const items = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const { type } = JSON.parse(lines[at]);
    items.push({ type, payload: JSON.parse(lines[at + 1]) });
  }
  return items;
}
