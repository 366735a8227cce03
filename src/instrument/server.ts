/** Where a client sends its calls. */
export interface Server {
  serverAddress?: string;
  serverPort?: number;
}

const known = new Map<string, Server>();
const MAX_KNOWN = 100;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** Host and port of a base URL. Clients have few base URLs, so each is parsed once. */
export function serverOf(baseUrl: unknown): Server {
  if (typeof baseUrl !== 'string') return {};
  const seen = known.get(baseUrl);
  if (seen !== undefined) return seen;
  const server = parseServer(baseUrl);
  if (known.size < MAX_KNOWN) known.set(baseUrl, server);
  return server;
}

function parseServer(baseUrl: string): Server {
  if (!URL.canParse(baseUrl)) return {};
  const url = new URL(baseUrl);
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port);
  const serverAddress = url.hostname.replace(/^\[|\]$/g, '');
  return port === undefined ? { serverAddress } : { serverAddress, serverPort: port };
}

/** The value of the longest host suffix in `table` that `host` ends with, at a label boundary; never a mere substring. */
export function matchHost(
  host: string | undefined,
  table: Readonly<Record<string, string>>,
): string | undefined {
  for (let rest = host?.toLowerCase() ?? ''; rest !== ''; rest = afterDot(rest)) {
    if (Object.hasOwn(table, rest)) return table[rest];
  }
  return undefined;
}

function afterDot(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? '' : host.slice(dot + 1);
}
