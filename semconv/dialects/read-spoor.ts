import {
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_SERVICE_NAME,
  ATTR_USER_ID,
} from '../attributes.js';
import { OBSERVATION_TYPES } from '../model/observation.js';
import type { Session } from '../model/session.js';
import type { Step } from '../model/step.js';
import type { ToolExecution } from '../model/tool.js';
import * as own from '../spoor-attributes.js';
import type { AttributeReader } from './attribute-reader.js';
import type { DialectSpan, ObservationFacts } from './dialect.js';
import { present } from './present.js';
import { readMetadata, resourceText } from './read-context.js';
import { readGenAi } from './read-genai.js';

/** The fields of a session that its own span, or an amendment of it, gives. */
export function readSessionFields(reader: AttributeReader): Partial<Session> {
  return present<Partial<Session>>({
    name: reader.text(own.ATTR_SPOOR_SESSION_NAME),
    task: reader.text(own.ATTR_SPOOR_SESSION_TASK),
    tags: reader.texts(own.ATTR_SPOOR_SESSION_TAGS),
    metadata: readMetadata(reader, own.ATTR_SPOOR_SESSION_METADATA),
    isSuccessful: reader.flag(own.ATTR_SPOOR_SESSION_IS_SUCCESSFUL),
    isSuccessfulReason: reader.text(own.ATTR_SPOOR_SESSION_SUCCESS_REASON),
    eval: reader.numberOrText(own.ATTR_SPOOR_SESSION_EVAL),
    evalReason: reader.text(own.ATTR_SPOOR_SESSION_EVAL_REASON),
    rubrics: reader.texts(own.ATTR_SPOOR_SESSION_RUBRICS),
    experimentId: reader.text(own.ATTR_SPOOR_SESSION_EXPERIMENT_ID),
    iteration: reader.number(own.ATTR_SPOOR_SESSION_ITERATION),
    endReason: reader.text(own.ATTR_SPOOR_SESSION_END_REASON),
    exitCode: reader.number(own.ATTR_SPOOR_SESSION_EXIT_CODE),
    userId: reader.text(ATTR_USER_ID),
    agentId: reader.text(ATTR_GEN_AI_AGENT_ID),
    agentName: reader.text(ATTR_GEN_AI_AGENT_NAME),
  });
}

/** What the resource says of the session whose span it is. */
export function readSessionResource(span: DialectSpan): Partial<Session> {
  return present<Partial<Session>>({
    serviceName: resourceText(span, ATTR_SERVICE_NAME),
    environment:
      resourceText(span, ATTR_DEPLOYMENT_ENVIRONMENT_NAME) ?? resourceText(span, 'deployment.environment'),
  });
}

/** The fields of a step that its own span, or an amendment of it, gives. */
export function readStepFields(reader: AttributeReader): Partial<Step> {
  return present<Partial<Step>>({
    name: reader.text(own.ATTR_SPOOR_STEP_NAME),
    index: reader.number(own.ATTR_SPOOR_STEP_INDEX),
    previousId: reader.text(own.ATTR_SPOOR_STEP_PREVIOUS_ID),
    state: reader.text(own.ATTR_SPOOR_STEP_STATE),
    stateKey: reader.text(own.ATTR_SPOOR_STEP_STATE_KEY),
    goal: reader.text(own.ATTR_SPOOR_STEP_GOAL),
    action: reader.text(own.ATTR_SPOOR_STEP_ACTION),
    evalScore: reader.numberOrText(own.ATTR_SPOOR_STEP_EVAL_SCORE),
    evalDescription: reader.text(own.ATTR_SPOOR_STEP_EVAL_DESCRIPTION),
    progress: reader.numberOrText(own.ATTR_SPOOR_STEP_PROGRESS),
    screenshots: reader.texts(own.ATTR_SPOOR_STEP_SCREENSHOTS),
    warnings: reader.texts(own.ATTR_SPOOR_WARNINGS),
    autoEnded: reader.flag(own.ATTR_SPOOR_STEP_AUTO_ENDED),
  });
}

/**
 * An observation as the conventions say it, with our own additions. An event that a user reports is one: what it describes
 * goes in, its result comes out, the function that it names is a tool.
 */
export function readOwnObservation(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const named = reader.mapped(own.ATTR_SPOOR_OBSERVATION_TYPE, (value) =>
    OBSERVATION_TYPES.find((type) => typeof value === 'string' && type === value.toUpperCase()),
  );
  const facts = readGenAi(span, reader);
  return present<ObservationFacts>({
    ...facts,
    type: named ?? facts.type,
    input: facts.input ?? reader.json(own.ATTR_SPOOR_EVENT_DESCRIPTION),
    output: facts.output ?? reader.json(own.ATTR_SPOOR_EVENT_RESULT),
    tool: withFunction(facts.tool, reader),
    outcome: facts.outcome ?? outcomeOf(span),
    screenshots: reader.texts(own.ATTR_SPOOR_EVENT_SCREENSHOTS),
    warnings: reader.texts(own.ATTR_SPOOR_WARNINGS),
    attributes: undefined,
  });
}

/** The function of an event names the tool when nothing else does; its arguments are the tool's. */
function withFunction(tool: ToolExecution | undefined, reader: AttributeReader): ToolExecution | undefined {
  const name = reader.text(own.ATTR_SPOOR_EVENT_FUNCTION_NAME);
  const named = tool ?? (name === undefined ? undefined : { name });
  if (named === undefined || named.arguments !== undefined) return named;
  const given = reader.json(own.ATTR_SPOOR_EVENT_ARGUMENTS);
  return given === undefined ? named : { ...named, arguments: given };
}

function outcomeOf(span: DialectSpan): string | undefined {
  const isSuccessful = span.attributes[own.ATTR_SPOOR_EVENT_IS_SUCCESSFUL];
  if (typeof isSuccessful !== 'boolean') return undefined;
  return isSuccessful ? 'completed' : 'failed';
}
