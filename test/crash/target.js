import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

function count(map, id) {
  map.set(id, (map.get(id) ?? 0) + 1);
}

/** Where a translator forwards to: `mode` says how it behaves; `spans` and `logs` count what it acknowledged, by id. */
export async function startTarget(decode) {
  const target = { mode: 'up', spans: new Map(), logs: new Map(), requests: 0 };
  const take = (path, body) => {
    if (path === '/v1/logs') {
      for (const { attributes } of decode.decodeLogsRequest(body, 'protobuf').logs) {
        count(target.logs, attributes['crash.id']);
      }
    } else {
      for (const { spanId } of decode.decodeTraceRequest(body, 'protobuf').spans) count(target.spans, spanId);
    }
  };
  const server = createServer((req, res) => {
    const chunks = [];
    req.on('error', () => undefined);
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      target.requests += 1;
      if (target.mode === 'cutting') res.destroy();
      else if (target.mode === '503') res.writeHead(503, { 'retry-after': '0' }).end();
      else {
        take(req.url, gunzipSync(Buffer.concat(chunks)));
        setTimeout(() => res.end(), target.mode === 'slow' ? 30 : 0);
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  target.url = `http://127.0.0.1:${server.address().port}`;
  target.close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return target;
}
