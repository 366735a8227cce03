/** How the API calls what the queries of a store call otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  sinceMs: 'since',
  fromMs: 'from',
  toMs: 'to',
  text: 'q',
  sessionId: 'session',
  stepId: 'step',
  spanId: 'span',
};

type Asked = string | number | boolean | Readonly<Record<string, string>> | undefined;

/** The query of a request, `?` included; empty when nothing is asked for. */
export function queryText(query: object): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query) as [string, Asked][]) {
    if (typeof value === 'object') {
      // The attributes of a search.
      for (const [name, text] of Object.entries(value)) parameters.append('attr', `${name}=${text}`);
    } else if (value !== undefined) parameters.set(NAMES[key] ?? key, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
