import { describe, expect, it } from 'vitest';
import { readRequest, withTraceFields } from '../../../instrumentations/mcp/request.js';

const FIELDS = { traceparent: '00-1-2-01' };

describe('a request', () => {
  it('is named after its tool', () => {
    expect(
      readRequest({ method: 'tools/call', params: { name: 'weather', arguments: { city: 'Oslo' } } }),
    ).toEqual({
      spanName: 'tools/call weather',
      attributes: {
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'weather',
      },
      tool: 'weather',
      toolArguments: { city: 'Oslo' },
    });
  });

  it('is named after its prompt', () => {
    expect(
      readRequest({ method: 'prompts/get', params: { name: 'report', arguments: { city: 'Oslo' } } }),
    ).toEqual({
      spanName: 'prompts/get report',
      attributes: { 'mcp.method.name': 'prompts/get', 'gen_ai.prompt.name': 'report' },
      promptArguments: { city: 'Oslo' },
    });
  });

  it('keeps the address of a resource out of its name', () => {
    expect(readRequest({ method: 'resources/read', params: { uri: 'map://oslo' } })).toEqual({
      spanName: 'resources/read',
      attributes: { 'mcp.method.name': 'resources/read', 'mcp.resource.uri': 'map://oslo' },
    });
  });

  it('of an odd shape is read as far as it goes', () => {
    expect(readRequest({ method: 'tools/call' })).toEqual({
      spanName: 'tools/call',
      attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool' },
      tool: undefined,
      toolArguments: undefined,
    });
  });
});

describe('trace fields', () => {
  it('go to a copy, beside what the caller gave', () => {
    const request = Object.freeze({
      method: 'tools/call',
      params: Object.freeze({ name: 'a', _meta: Object.freeze({ progressToken: 3 }) }),
    });
    expect(withTraceFields(request, FIELDS)).toEqual({
      method: 'tools/call',
      params: { name: 'a', _meta: { progressToken: 3, ...FIELDS } },
    });
    expect(withTraceFields({ method: 'tools/list' }, FIELDS)).toEqual({
      method: 'tools/list',
      params: { _meta: FIELDS },
    });
  });

  it('never take the place of those that the caller gave', () => {
    const request = { method: 'ping', params: { _meta: { traceparent: 'mine' } } };
    expect(withTraceFields(request, FIELDS)).toBe(request);
  });

  it('are not sent with a method that is not the protocol’s own, or when there are none', () => {
    const own = { method: 'example/strict', params: { a: 1 } };
    const ping = { method: 'ping' };
    expect([withTraceFields(own, FIELDS), withTraceFields(ping, {})]).toEqual([own, ping]);
    expect(withTraceFields(own, FIELDS)).toBe(own);
  });
});
