/** Whole attribute sets that the spans of the scenarios must have. */

const VERSION = '2025-11-25';

/** One request, as its sender or its handler sees it. `extra` may take an attribute out by giving undefined. */
export function span(side, name, extra = {}, rest = {}) {
  const [method] = name.split(' ');
  const attributes = Object.fromEntries(
    Object.entries({
      'mcp.method.name': method,
      'mcp.protocol.version': VERSION,
      'jsonrpc.request.id': '1',
      'spoor.outcome': 'completed',
      ...extra,
    }).filter(([, value]) => value !== undefined),
  );
  return {
    name,
    kind: side === 'client' ? 2 : 1,
    status: { code: 0 },
    attributes,
    events: [],
    scope: 'spoor/mcp',
    parent: side === 'client' ? null : name,
    ...rest,
  };
}

/** The call of a tool, on either side. */
export function toolSpan(side, tool, extra = {}, rest = {}) {
  return span(
    side,
    `tools/call ${tool}`,
    {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'gen_ai.tool.call.arguments': { city: 'Oslo' },
      ...extra,
    },
    rest,
  );
}

/** Both sides of the call of a tool, in the order in which they end. */
export function toolSpans(tool, extra = {}, rest = {}) {
  return [toolSpan('server', tool, extra, rest), toolSpan('client', tool, extra, rest)];
}

/** Both sides of the request that opens every connection. */
export function opening(extra = {}, rest = {}) {
  const first = { 'jsonrpc.request.id': '0', ...extra };
  return [span('server', 'initialize', first, rest), span('client', 'initialize', first, rest)];
}

export const failed = (message) => ({ status: message === undefined ? { code: 2 } : { code: 2, message } });
