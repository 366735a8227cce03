import { describe, expect, it } from 'vitest';
import * as batches from '../../../instrumentations/openai/batch-calls.js';
import * as runs from '../../../instrumentations/openai/run-calls.js';
import { runReducer } from '../../../instrumentations/openai/run-stream.js';

const CLIENT = { baseURL: 'https://api.openai.com/v1' };
const said = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const run = (status: string, extra: object = {}): object => ({
  id: 'run_1',
  thread_id: 'thread_1',
  assistant_id: 'asst_1',
  model: 'm',
  status,
  ...extra,
});

const piece = (id: string, index: number, value: string): object => ({
  event: 'thread.message.delta',
  data: { id, delta: { content: [{ index, type: 'text', text: { value } }] } },
});

describe('runs of assistants', () => {
  it('reads thread and run wherever the version has them', () => {
    const body = { tool_outputs: [] };
    const newer = { ...body, thread_id: 'thread_1' };
    expect(runs.ofRun(['thread_1', 'run_1', body])).toEqual({ threadId: 'thread_1', runId: 'run_1', body });
    expect(runs.ofRun(['run_1', newer])).toEqual({ threadId: 'thread_1', runId: 'run_1', body: newer });
    expect(runs.ofThread(['thread_1', body])).toEqual({ threadId: 'thread_1', runId: undefined, body });
  });

  it('names the span after no model', () => {
    const asked = runs.ofThread([
      'thread_1',
      { assistant_id: 'asst_1', model: 'm', max_completion_tokens: 0 },
    ]);
    expect(said(runs.runRequest(asked, CLIENT))).toEqual({
      operation: 'invoke_agent',
      provider: 'openai',
      model: 'm',
      target: '',
      serverAddress: 'api.openai.com',
      serverPort: 443,
      conversationId: 'thread_1',
      parameters: { maxTokens: 0 },
      providerAttributes: { 'openai.api.type': 'assistants', 'gen_ai.agent.id': 'asst_1' },
    });
  });

  it('fails with the error of a failed run, and with its state when it took too long', () => {
    const error = { code: 'server_error', message: 'Broken.' };
    expect(runs.runResponse(run('failed', { last_error: error })).error).toEqual({
      type: 'server_error',
      message: 'Broken.',
    });
    expect(runs.runResponse(run('failed')).error).toEqual({ type: 'failed' });
    expect(runs.runResponse(run('expired')).error).toEqual({ type: 'expired' });
    expect(runs.runResponse(run('requires_action')).error).toBeUndefined();
  });

  it('keeps what a broken stream has said, message by message', () => {
    const reducer = runReducer(true);
    reducer.add({ event: 'thread.run.in_progress', data: run('in_progress') });
    for (const one of [piece('a', 0, 'Fi'), piece('b', 1, 'Se'), piece('a', 0, 'rst'), piece('b', 1, 'cond')])
      reducer.add(one);
    reducer.add({ event: 'thread.run.step.created', data: { id: 'step_1', status: 'in_progress' } });
    reducer.add(undefined);
    reducer.add({ event: 'thread.message.delta' });
    expect([reducer.finished, said(reducer.output())]).toEqual([
      false,
      {
        messages: [
          { role: 'assistant', parts: [{ type: 'text', content: 'First' }] },
          { role: 'assistant', parts: [{ type: 'text', content: 'Second' }] },
          { role: 'assistant', parts: [] },
        ],
      },
    ]);
    expect(reducer.response().id).toBe('run_1');
  });

  it('keeps no text when it was not asked to', () => {
    const reducer = runReducer(false);
    reducer.add({ event: 'thread.message.completed', data: { id: 'a', role: 'assistant', content: [] } });
    reducer.add({ event: 'thread.run.completed', data: run('completed') });
    expect([reducer.finished, reducer.output()]).toEqual([true, {}]);
  });
});

describe('calls by which no model runs', () => {
  it('says of a batch how far it has come, and nothing of what it has cost so far', () => {
    const batch = {
      id: 'batch_1',
      status: 'in_progress',
      usage: { input_tokens: 5 },
      request_counts: { total: 2 },
    };
    expect(said(batches.retrieveBatch.response(batch))).toEqual({
      status: 'in_progress',
      providerAttributes: { 'spoor.batch.id': 'batch_1', 'spoor.batch.request_count': 2 },
    });
  });

  it('survives answers of any shape', () => {
    const all = [batches.createBatch, batches.cancelBatch, batches.uploadFile, batches.searchStore];
    for (const mapper of all) {
      for (const value of [undefined, null, 'text', 7, [], { data: 'x', request_counts: 3 }]) {
        expect(mapper.response(value).error).toBeUndefined();
        expect(Object.keys(mapper.output(value)).length).toBeLessThan(2);
        expect(mapper.request([value, value], {}).provider).toBe('openai');
        mapper.input([value, value]);
      }
    }
  });
});
