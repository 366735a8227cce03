import { ATTR_GEN_AI_PROMPT_VARIABLE, ATTR_GEN_AI_TOOL_CALL_ARGUMENTS } from '../../semconv/attributes.js';
import { MCP_METHOD_NAME_VALUE_INITIALIZE } from '../../semconv/values.js';
import { addValue } from '../../src/instrument/capture.js';
import { guard } from '../../src/instrument/guard.js';
import type { OpenSpan } from '../../src/instrument/open-span.js';
import { fieldsOf, textOf } from '../../src/instrument/read.js';
import type { ReadRequest } from './request.js';
import { readProtocolVersion, versionAttributes } from './response.js';
import type { Protocol } from './sdk-types.js';
import { transportAttributes } from './transport.js';

/** The version that a connection agreed on. Only the second line of packages keeps it where it can be read. */
const versions = new WeakMap<object, string>();

/** What both sides of a connection know of it. */
export function connectionAttributes(protocol: Protocol): Record<string, string | number> {
  const version = versions.get(protocol) ?? textOf(fieldsOf(protocol)['_negotiatedProtocolVersion']);
  return { ...transportAttributes(protocol._transport), ...versionAttributes(version) };
}

/** What the answer of an `initialize` request settles: version and session. The version is kept. */
export function noteOpening(
  protocol: Protocol,
  method: string,
  result: unknown,
): Record<string, string | number> {
  if (method !== MCP_METHOD_NAME_VALUE_INITIALIZE) return {};
  const version = readProtocolVersion(result);
  if (version !== undefined) versions.set(protocol, version);
  return { ...transportAttributes(protocol._transport), ...versionAttributes(version) };
}

/** Adds the content of a request, as far as the policy allows. */
export function addRequestContent(span: OpenSpan, read: ReadRequest): void {
  const { policy } = span;
  guard('request content', () => {
    const attributes = {};
    if (policy.toolArguments)
      addValue(attributes, ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, read.toolArguments, policy);
    if (policy.input) {
      for (const [name, value] of Object.entries(fieldsOf(read.promptArguments)))
        addValue(attributes, `${ATTR_GEN_AI_PROMPT_VARIABLE}.${name}`, value, policy);
    }
    span.set(attributes);
  });
}
