import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import type { Session } from 'chdb';

/** What ClickHouse's HTTP interface reads from the address beside settings. */
const NO_SETTINGS = new Set(['query', 'query_id', 'database', 'default_format', 'session_id', 'role']);

/** A door with the HTTP interface of ClickHouse to the engine in this process. */
export interface HttpDoor {
  readonly port: number;
  /** Settings that requests had, in the order in which they came. */
  readonly inserts: Record<string, string>[];
  close(): Promise<void>;
}

/** Opens the door on loopback. Statements run one after the other: settings and parameters belong to the session. */
export async function openHttpDoor(session: Session): Promise<HttpDoor> {
  const inserts: Record<string, string>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const run = (url: URL, body: string): Promise<string> => {
    const own = last.then(() => runStatement(session, url, body));
    last = own.catch(() => undefined);
    return own;
  };
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1');
    void bodyOf(req)
      .then((body) => {
        if (url.searchParams.get('query')?.startsWith('INSERT') === true)
          inserts.push(Object.fromEntries(url.searchParams));
        return run(url, body);
      })
      .then(
        (answer) => res.end(answer),
        (cause: Error) => res.writeHead(500).end(cause.message),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, inserts, close: () => closeServer(server) };
}

function bodyOf(req: IncomingMessage): Promise<string> {
  return text(req.headers['content-encoding'] === 'gzip' ? req.pipe(createGunzip()) : req);
}

async function runStatement(session: Session, url: URL, body: string): Promise<string> {
  for (const [name, value] of url.searchParams) {
    if (NO_SETTINGS.has(name)) continue;
    session.query(`SET ${name} = ${quote(value)}`);
  }
  const query = url.searchParams.get('query');
  const statement = query === null ? body : `${query}\n${body}`;
  return (await session.queryAsync(statement)).text();
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
