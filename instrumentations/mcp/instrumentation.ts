import type { CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { patchMethod } from '../../src/instrument/patch-sdk.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { handleRequest } from './handle-request.js';
import { sendRequest } from './send-request.js';
import { closeSession } from './session.js';

/** Below `Client` and `Server` there is one class that frames what both send and receive. */
const CLASSES = ['Protocol', 'Client', 'Server'] as const;
const RECEIVES = '_onrequest';
const CLOSES = '_onclose';

/**
 * The methods through which every request goes out, the first that exists is patched: the second line of packages sends by
 * an inner one, which its server's own requests call directly.
 */
const SENDERS = [
  { method: '_requestWithSchemaViaCodec', request: 1, options: 3 },
  { method: 'request', request: 0, options: 2 },
] as const;

export const definition: CustomSdk = {
  patchModule: (moduleExports) => {
    const exported = fieldsOf(moduleExports);
    for (const name of CLASSES) {
      const candidate = exported[name];
      if (typeof candidate === 'function') return patchPrototype(candidate.prototype);
    }
    return [];
  },
  // `McpServer` is no protocol itself but has one.
  patchClient: (client) => [...patchPrototype(client), ...patchPrototype(fieldsOf(client)['server'])],
};

/** Patches the class that `from` inherits the framing from, or that it is an instance of. */
function patchPrototype(from: unknown): Unpatch[] {
  let owner: unknown = from;
  while (typeof owner === 'object' && owner !== null && !Object.hasOwn(owner, RECEIVES)) {
    owner = Object.getPrototypeOf(owner) as unknown;
  }
  if (typeof owner !== 'object' || owner === null) return [];
  const sender = SENDERS.find(({ method }) => typeof fieldsOf(owner)[method] === 'function');
  if (sender === undefined) return [];
  return [
    ...patchMethod(owner, RECEIVES, handleRequest),
    ...patchMethod(owner, sender.method, sendRequest(sender)),
    ...(typeof fieldsOf(owner)[CLOSES] === 'function' ? patchMethod(owner, CLOSES, closeSession) : []),
  ];
}
