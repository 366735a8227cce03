import { describe, expect, it } from 'vitest';
import {
  readHandlerFailure,
  readProtocolVersion,
  readRejection,
  readToolFailure,
  readToolResult,
} from '../../../instrumentations/mcp/response.js';

const withCode = (message: string, code: unknown): Error => Object.assign(new Error(message), { code });

describe('a rejection', () => {
  it('with the code of an answer says it twice', () => {
    expect(readRejection(withCode('No such tool.', -32602))).toEqual({
      type: '-32602',
      message: 'No such tool.',
      attributes: { 'rpc.response.status_code': '-32602' },
    });
  });

  it('made on this side has no code of an answer', () => {
    expect(readRejection(withCode('Timed out.', -32001))).toEqual({
      type: '-32001',
      message: 'Timed out.',
      attributes: {},
    });
    expect(readRejection(withCode('Timed out.', 'REQUEST_TIMEOUT'))).toMatchObject({
      type: 'REQUEST_TIMEOUT',
      attributes: {},
    });
  });

  it('of any other kind has the type of its error', () => {
    expect(readRejection(new TypeError('Odd.'))).toEqual({
      type: 'TypeError',
      message: 'Odd.',
      attributes: {},
    });
    expect(readRejection('text')).toEqual({ type: '_OTHER', message: 'text', attributes: {} });
  });
});

describe('a handler that throws', () => {
  it('is answered with its code, or as an internal error', () => {
    expect(
      [withCode('No.', -32042), new Error('No.'), 'No.'].map((error) => readHandlerFailure(error)),
    ).toEqual(
      ['-32042', '-32603', '-32603'].map((code) => ({
        type: code,
        message: 'No.',
        attributes: { 'rpc.response.status_code': code },
      })),
    );
  });
});

describe('a result', () => {
  it('says whether its tool failed, and which version was agreed on', () => {
    expect(
      [{ isError: true }, { isError: false }, {}, null].map((result) => readToolFailure(result)),
    ).toEqual([{ type: 'tool_error' }, undefined, undefined, undefined]);
    expect([{ protocolVersion: '2025-11-25' }, {}].map(readProtocolVersion)).toEqual([
      '2025-11-25',
      undefined,
    ]);
  });

  it('of a tool loses its metadata, and its bytes become parts', () => {
    const resource = { uri: 'file:///a.pdf', mimeType: 'application/pdf', blob: 'QUJD' };
    expect(
      readToolResult({
        _meta: { secret: 1 },
        structuredContent: { degrees: 0 },
        content: [
          { type: 'text', text: 'Cold.' },
          { type: 'image', data: 'QUJD', mimeType: 'image/png' },
          { type: 'resource', resource },
          { type: 'resource', resource: { uri: 'file:///b.txt', text: 'B' } },
        ],
      }),
    ).toEqual({
      structuredContent: { degrees: 0 },
      content: [
        { type: 'text', text: 'Cold.' },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'QUJD' },
        {
          type: 'blob',
          modality: 'document',
          mime_type: 'application/pdf',
          content: 'QUJD',
          uri: 'file:///a.pdf',
        },
        { type: 'resource', resource: { uri: 'file:///b.txt', text: 'B' } },
      ],
    });
    expect([undefined, 'text', { toolResult: 1 }].map(readToolResult)).toEqual([
      undefined,
      'text',
      { toolResult: 1 },
    ]);
  });
});
