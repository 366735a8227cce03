import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

const SCOPE = { name: 'spoor', version: '0.1.0' };
const CONTEXT = {
  'session.id': 'ses_1',
  'spoor.step.id': 'step_2',
  'user.id': 'u_1',
  'spoor.tags': ['beta'],
};

export const SPOOR_SAMPLES: Dialect['samples'] = [
  {
    title: 'a session',
    span: sampleSpan({
      name: 'session parcel hunt',
      scope: SCOPE,
      resource: { attributes: { 'service.name': 'support-desk', 'deployment.environment.name': 'staging' } },
      attributes: {
        'session.id': 'ses_1',
        'user.id': 'u_1',
        'gen_ai.agent.id': 'agent_1',
        'gen_ai.agent.name': 'desk',
        'spoor.session.name': 'parcel hunt',
        'spoor.session.task': 'Find parcel 7',
        'spoor.session.tags': ['beta'],
        'spoor.session.metadata.plan': '{"tier":"gold"}',
        'spoor.session.metadata.attempt': 2,
        'spoor.session.is_successful': true,
        'spoor.session.success_reason': 'The parcel was found.',
        'spoor.session.eval': 'good',
        'spoor.session.eval_reason': 'Two steps were enough.',
        'spoor.session.rubrics': ['politeness'],
        'spoor.session.experiment.id': 'exp_1',
        'spoor.session.iteration': 0,
        'spoor.session.end_reason': 'user',
        'spoor.session.exit_code': 0,
      },
    }),
  },
  {
    title: 'a session without a name',
    span: sampleSpan({ name: 'session', scope: SCOPE, attributes: { 'session.id': 'ses_4' } }),
  },
  {
    title: 'a step',
    span: sampleSpan({
      name: 'step look up',
      scope: SCOPE,
      attributes: {
        ...CONTEXT,
        'spoor.step.index': 1,
        'spoor.step.previous_id': 'step_1',
        'spoor.step.state': 'The parcel number is known.',
        'spoor.step.state_key': 'known',
        'spoor.step.goal': 'Find where it is',
        'spoor.step.action': 'Ask the carrier',
        'spoor.step.eval_score': 0.5,
        'spoor.step.eval_description': 'Slow',
        'spoor.step.screenshots': ['sha256:ab12'],
        'spoor.warnings': ['a screenshot was left out: it is no PNG, JPEG, WebP or GIF'],
        'spoor.step.auto_ended': true,
      },
    }),
  },
  {
    title: 'an amendment of a step that has ended',
    span: sampleSpan({
      name: 'amend step',
      scope: SCOPE,
      attributes: {
        'session.id': 'ses_1',
        'spoor.amendment.target': 'step',
        'spoor.amendment.target_id': 'step_2',
        'spoor.step.eval_score': '3/5',
      },
      links: [{ traceId: '5b8aa5a2d2c872e8321cf37308d69df2', spanId: '00f067aa0ba902b7', attributes: {} }],
    }),
  },
  {
    title: 'an amendment of an observation, which failed',
    span: sampleSpan({
      name: 'amend observation',
      scope: SCOPE,
      attributes: {
        ...CONTEXT,
        'spoor.amendment.target': 'observation',
        'spoor.amendment.target_id': '00f067aa0ba902b7',
        'spoor.observation.output': 'refused',
        'spoor.cost.total': 0.01,
      },
      statusCode: 2,
      statusMessage: 'The customer refused.',
    }),
  },
  {
    title: 'an observation by hand',
    span: sampleSpan({
      name: 'plan route',
      scope: SCOPE,
      attributes: {
        ...CONTEXT,
        'spoor.observation.type': 'CHAIN',
        'spoor.observation.input': '{"stops":[1,2]}',
        'spoor.observation.output': 'done',
        'spoor.observation.level': 'WARNING',
        'spoor.observation.metadata.depot': 'north',
        'spoor.observation.metadata.load': '{"kg":12}',
        'app.custom': 'kept',
      },
    }),
  },
  {
    title: 'an observation that is called like a step',
    span: sampleSpan({
      name: 'step 1',
      scope: SCOPE,
      attributes: { ...CONTEXT, 'spoor.observation.type': 'SPAN' },
    }),
  },
  {
    title: 'an event that names a function',
    span: sampleSpan({
      name: 'execute_tool send_mail',
      scope: SCOPE,
      attributes: {
        ...CONTEXT,
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'send_mail',
        'spoor.observation.type': 'TOOL',
        'spoor.event.description': 'Tell the customer',
        'spoor.event.result': '{"sent":true}',
        'spoor.event.is_successful': true,
        'spoor.event.is_finished': true,
        'spoor.event.function_name': 'send_mail',
        'spoor.event.arguments': '{"to":"u_1"}',
        'spoor.event.screenshots': ['sha256:cd34'],
        'spoor.cost.total': 0.002,
      },
    }),
  },
  {
    title: 'a captured model call',
    span: sampleSpan({
      name: 'chat model-a',
      kind: 3,
      scope: { name: 'spoor/example', version: '0.1.0' },
      attributes: {
        ...CONTEXT,
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'example',
        'gen_ai.request.model': 'model-a',
        'gen_ai.request.stream': true,
        'gen_ai.usage.input_tokens': 30,
        'gen_ai.usage.output_tokens': 4,
        'gen_ai.output.messages':
          '[{"role":"assistant","parts":[{"type":"blob","modality":"image","mime_type":"image/png","sha256":"9f86d081","bytes":1024},{"type":"hologram","depth":3}]}]',
        'spoor.usage.reported': '{"prompt_tokens":30,"completion_tokens":4}',
        'spoor.outcome': 'cancelled',
        'spoor.stream.chunk_count': 6,
      },
    }),
  },
  {
    title: 'a score on the session',
    span: sampleSpan({
      name: 'evaluate politeness',
      scope: SCOPE,
      attributes: {
        'session.id': 'ses_1',
        'gen_ai.evaluation.name': 'politeness',
        'spoor.observation.type': 'EVALUATION',
        'spoor.score.value': true,
        'spoor.score.source': 'human',
        'spoor.score.rubric': 'manners',
        'spoor.score.criterion': 'politeness',
        'spoor.score.target': 'session',
        'spoor.score.target_id': 'ses_1',
      },
      events: [
        {
          name: 'gen_ai.evaluation.result',
          attributes: { 'gen_ai.evaluation.name': 'tone', 'gen_ai.evaluation.score.value': 4 },
        },
      ],
    }),
  },
];
