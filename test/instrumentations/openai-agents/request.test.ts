import { describe, expect, it } from 'vitest';
import { modelCallName, readBeginning, readTrace } from '../../../instrumentations/openai-agents/request.js';

const typed = (type: string, name: string): object => ({
  name,
  attributes: { 'spoor.observation.type': type },
});

describe('what begins', () => {
  it('is an agent, a tool or a model call in the words of the conventions', () => {
    expect(readBeginning({ type: 'agent', name: 'Helper' })).toEqual({
      name: 'invoke_agent Helper',
      attributes: {
        'spoor.observation.type': 'AGENT',
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'Helper',
      },
    });
    expect(readBeginning({ type: 'function', name: 'weather' })).toEqual({
      name: 'execute_tool weather',
      attributes: {
        'spoor.observation.type': 'TOOL',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'weather',
      },
    });
    for (const type of ['generation', 'response']) {
      expect(readBeginning({ type })).toEqual({
        name: 'chat',
        attributes: { 'spoor.observation.type': 'GENERATION', 'gen_ai.operation.name': 'chat' },
        covers: 'chat',
      });
    }
    expect([modelCallName(undefined), modelCallName('gpt-4o')]).toEqual(['chat', 'chat gpt-4o']);
  });

  it('is a link of the chain, or plain work', () => {
    expect(
      [
        { type: 'turn', turn: 2, agent_name: 'Helper' },
        { type: 'task', name: 'Trip' },
        { type: 'handoff' },
        { type: 'handoff', to_agent: 'Poet' },
        { type: 'guardrail', name: 'polite' },
        { type: 'mcp_tools', server: 'files' },
        { type: 'custom', name: 'search' },
        { type: 'custom' },
        { type: 'speech_group' },
      ].map((data) => readBeginning(data)),
    ).toEqual([
      typed('CHAIN', 'turn 2'),
      typed('CHAIN', 'task Trip'),
      typed('SPAN', 'handoff'),
      typed('SPAN', 'handoff Poet'),
      typed('SPAN', 'guardrail polite'),
      typed('SPAN', 'mcp_tools files'),
      typed('SPAN', 'search'),
      typed('SPAN', 'custom'),
      typed('SPAN', 'speech_group'),
    ]);
  });

  it('is a workflow when it is a trace', () => {
    expect(readTrace({ traceId: 't', name: 'Trip' })).toEqual({
      name: 'invoke_workflow Trip',
      attributes: {
        'spoor.observation.type': 'CHAIN',
        'gen_ai.operation.name': 'invoke_workflow',
        'gen_ai.workflow.name': 'Trip',
      },
    });
  });
});
