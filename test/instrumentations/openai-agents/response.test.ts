import { describe, expect, it } from 'vitest';
import {
  readEnded,
  readFailure,
  readTraceMetadata,
} from '../../../instrumentations/openai-agents/response.js';
import type { SdkSpan } from '../../../instrumentations/openai-agents/sdk-types.js';

const failing = (error: SdkSpan['error']): SdkSpan => ({
  traceId: 't',
  spanId: 's',
  spanData: { type: 'agent' },
  error: error ?? null,
});

const metadataOf = (data: { type: string; [key: string]: unknown }): object => readEnded(data).metadata;

describe('what has ended', () => {
  it('as a tool has arguments and a result, read where they are JSON', () => {
    expect(
      readEnded({
        type: 'function',
        name: 'weather',
        input: '{"city":"Oslo"}',
        output: 'Sun.',
        mcp_data: 'm',
      }),
    ).toEqual({
      facts: {},
      content: [
        { part: 'toolArguments', key: 'gen_ai.tool.call.arguments', value: { city: 'Oslo' } },
        { part: 'toolArguments', key: 'gen_ai.tool.call.result', value: 'Sun.' },
      ],
      metadata: { mcp_data: 'm' },
    });
    expect(readEnded({ type: 'function', input: '', output: '' }).content).toEqual([]);
  });

  it('as a model call has usage of either spelling, zeros included, and no bytes', () => {
    const image = { type: 'image', image: 'data:image/png;base64,QUJD' };
    expect(
      readEnded({
        type: 'generation',
        model: 'own-1',
        usage: { prompt_tokens: 3, completion_tokens: 0 },
        input: [{ role: 'user', content: ['Hi.', image] }],
        output: [],
      }),
    ).toEqual({
      facts: {
        'gen_ai.request.model': 'own-1',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.usage.output_tokens': 0,
      },
      content: [
        {
          part: 'input',
          key: 'spoor.observation.input',
          value: [
            {
              role: 'user',
              content: [
                'Hi.',
                {
                  type: 'image',
                  image: { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'QUJD' },
                },
              ],
            },
          ],
        },
        { part: 'output', key: 'spoor.observation.output', value: [] },
      ],
      metadata: {},
    });
  });

  it('as a call of the Responses API has what its answer says', () => {
    const response = { model: 'gpt-4o-1', usage: { input_tokens: 5, output_tokens: 2 }, output: ['o'] };
    expect(readEnded({ type: 'response', response_id: 'r1', _input: 'Hi.', _response: response })).toEqual({
      facts: {
        'gen_ai.usage.input_tokens': 5,
        'gen_ai.usage.output_tokens': 2,
        'gen_ai.response.model': 'gpt-4o-1',
        'gen_ai.response.id': 'r1',
      },
      content: [
        { part: 'input', key: 'spoor.observation.input', value: 'Hi.' },
        { part: 'output', key: 'spoor.observation.output', value: ['o'] },
      ],
      metadata: {},
    });
    expect(readEnded({ type: 'response' })).toEqual({ facts: {}, content: [], metadata: {} });
  });

  it('otherwise has what its kind knows', () => {
    expect([
      metadataOf({ type: 'agent', tools: ['a'], handoffs: [], output_type: 'text' }),
      metadataOf({ type: 'turn', agent_name: 'Helper' }),
      metadataOf({ type: 'handoff', from_agent: 'A', to_agent: 'B' }),
      metadataOf({ type: 'guardrail', triggered: false }),
      metadataOf({ type: 'something new' }),
    ]).toEqual([
      { tools: ['a'], handoffs: [], output_type: 'text' },
      { agent_name: 'Helper' },
      { from_agent: 'A', to_agent: 'B' },
      { triggered: false },
      {},
    ]);
    expect(readTraceMetadata({ traceId: 't', name: 'n', metadata: { team: 'x' } })).toEqual({ team: 'x' });
  });
});

describe('a failure', () => {
  it('has the type that its text begins with, if any', () => {
    expect(
      [
        failing({ message: 'Error in agent run', data: { error: 'MaxTurnsExceededError: Max turns (1)' } }),
        failing({ message: 'Guardrail tripwire triggered' }),
        failing({ message: 'Error: 400' }),
        failing(null),
      ].map((span) => readFailure(span)),
    ).toEqual([
      { type: 'MaxTurnsExceededError', message: 'Error in agent run' },
      { type: '_OTHER', message: 'Guardrail tripwire triggered' },
      { type: '_OTHER', message: 'Error: 400' },
      undefined,
    ]);
  });
});
