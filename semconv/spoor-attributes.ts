/**
 * What the OpenTelemetry conventions have no name for, in our own namespace. A key that ends a family (`…metadata`,
 * `…truncated`) is a prefix: a dot and the name follow.
 */

/** Name of the session. string. */
export const ATTR_SPOOR_SESSION_NAME = 'spoor.session.name' as const;

/** What the agent was asked to do. string; content. */
export const ATTR_SPOOR_SESSION_TASK = 'spoor.session.task' as const;

/** Tags of the session. string[]. */
export const ATTR_SPOOR_SESSION_TAGS = 'spoor.session.tags' as const;

/** Prefix of the session's metadata; values that are not text are JSON. template[string]. */
export const ATTR_SPOOR_SESSION_METADATA = 'spoor.session.metadata' as const;

/** Whether the session reached its goal. boolean. */
export const ATTR_SPOOR_SESSION_IS_SUCCESSFUL = 'spoor.session.is_successful' as const;

/** Why the session succeeded or failed. string; content. */
export const ATTR_SPOOR_SESSION_SUCCESS_REASON = 'spoor.session.success_reason' as const;

/** Evaluation of the session, raw as it was given. double or string. */
export const ATTR_SPOOR_SESSION_EVAL = 'spoor.session.eval' as const;

/** Why the evaluation is what it is. string; content. */
export const ATTR_SPOOR_SESSION_EVAL_REASON = 'spoor.session.eval_reason' as const;

/** Names of the rubrics to judge the session by. string[]. */
export const ATTR_SPOOR_SESSION_RUBRICS = 'spoor.session.rubrics' as const;

/** The experiment that the session is a run of. string. */
export const ATTR_SPOOR_SESSION_EXPERIMENT_ID = 'spoor.session.experiment.id' as const;

/** Which run of the experiment it is, from 0. int. */
export const ATTR_SPOOR_SESSION_ITERATION = 'spoor.session.iteration' as const;

/** Item of a data set that the session works on. string. */
export const ATTR_SPOOR_SESSION_DATASET_ITEM_ID = 'spoor.session.dataset_item.id' as const;

/** What ended the session: `user`, `exit`, `crash` or the name of a signal. string. */
export const ATTR_SPOOR_SESSION_END_REASON = 'spoor.session.end_reason' as const;

/** Exit code of the process that ended with the session. int. */
export const ATTR_SPOOR_SESSION_EXIT_CODE = 'spoor.session.exit_code' as const;

/** Whether the session was ended for the user. boolean. */
export const ATTR_SPOOR_SESSION_AUTO_ENDED = 'spoor.session.auto_ended' as const;

/** The step that a span is, or was made in. string. */
export const ATTR_SPOOR_STEP_ID = 'spoor.step.id' as const;

/** Name of the step. string. */
export const ATTR_SPOOR_STEP_NAME = 'spoor.step.name' as const;

/** Position of the step in its session, from 0. int. */
export const ATTR_SPOOR_STEP_INDEX = 'spoor.step.index' as const;

/** The step before this one. string. */
export const ATTR_SPOOR_STEP_PREVIOUS_ID = 'spoor.step.previous_id' as const;

/** What the agent saw when the step began. string; content. */
export const ATTR_SPOOR_STEP_STATE = 'spoor.step.state' as const;

/** Short key under which equal states are gathered. string. */
export const ATTR_SPOOR_STEP_STATE_KEY = 'spoor.step.state_key' as const;

/** What the step is to reach. string; content. */
export const ATTR_SPOOR_STEP_GOAL = 'spoor.step.goal' as const;

/** What the agent did. string; content. */
export const ATTR_SPOOR_STEP_ACTION = 'spoor.step.action' as const;

/** Score of the step, raw as it was given. double or string. */
export const ATTR_SPOOR_STEP_EVAL_SCORE = 'spoor.step.eval_score' as const;

/** Why the score is what it is. string; content. */
export const ATTR_SPOOR_STEP_EVAL_DESCRIPTION = 'spoor.step.eval_description' as const;

/** How far the agent has got, as the user declares it: a new value is progress. double or string. */
export const ATTR_SPOOR_STEP_PROGRESS = 'spoor.step.progress' as const;

/** Screenshots of the step, as references to stored files. string[]. */
export const ATTR_SPOOR_STEP_SCREENSHOTS = 'spoor.step.screenshots' as const;

/** Whether another step, or the end of the session, ended the step. boolean. */
export const ATTR_SPOOR_STEP_AUTO_ENDED = 'spoor.step.auto_ended' as const;

/** Kind of observation: AGENT, SPAN, TOOL, GENERATION, RETRIEVAL, EMBEDDING, EVENT, CHAIN, EVALUATION. string. */
export const ATTR_SPOOR_OBSERVATION_TYPE = 'spoor.observation.type' as const;

/** What went in, as text or JSON. string; content. */
export const ATTR_SPOOR_OBSERVATION_INPUT = 'spoor.observation.input' as const;

/** What came out, as text or JSON. string; content. */
export const ATTR_SPOOR_OBSERVATION_OUTPUT = 'spoor.observation.output' as const;

/** How grave it is: `DEBUG`, `DEFAULT`, `WARNING`, `ERROR`. string. */
export const ATTR_SPOOR_OBSERVATION_LEVEL = 'spoor.observation.level' as const;

/** Prefix of the observation's metadata; values that are not text are JSON. template[string]. */
export const ATTR_SPOOR_OBSERVATION_METADATA = 'spoor.observation.metadata' as const;

/** Id that the user gave the event; without one the span id is its id. string. */
export const ATTR_SPOOR_EVENT_ID = 'spoor.event.id' as const;

/** What the event is about. string; content. */
export const ATTR_SPOOR_EVENT_DESCRIPTION = 'spoor.event.description' as const;

/** What came of the event. string; content. */
export const ATTR_SPOOR_EVENT_RESULT = 'spoor.event.result' as const;

/** Whether the event succeeded. boolean. */
export const ATTR_SPOOR_EVENT_IS_SUCCESSFUL = 'spoor.event.is_successful' as const;

/** Whether the event is over. boolean. */
export const ATTR_SPOOR_EVENT_IS_FINISHED = 'spoor.event.is_finished' as const;

/** Function that the event called. string. */
export const ATTR_SPOOR_EVENT_FUNCTION_NAME = 'spoor.event.function_name' as const;

/** Arguments of that function, as JSON. string; content. */
export const ATTR_SPOOR_EVENT_ARGUMENTS = 'spoor.event.arguments' as const;

/** Screenshots of the event, as references to stored files. string[]. */
export const ATTR_SPOOR_EVENT_SCREENSHOTS = 'spoor.event.screenshots' as const;

/** Who judged: `human`, `code`, `heuristic` or `model`. string. */
export const ATTR_SPOOR_SCORE_SOURCE = 'spoor.score.source' as const;

/** What is judged: `session`, `step`, `trace` or `observation`. string. */
export const ATTR_SPOOR_SCORE_TARGET = 'spoor.score.target' as const;

/** Id of what is judged. string. */
export const ATTR_SPOOR_SCORE_TARGET_ID = 'spoor.score.target_id' as const;

/** Rubric that the score belongs to. string. */
export const ATTR_SPOOR_SCORE_RUBRIC = 'spoor.score.rubric' as const;

/** Criterion of that rubric; absent for the rubric as a whole. string. */
export const ATTR_SPOOR_SCORE_CRITERION = 'spoor.score.criterion' as const;

/** Version of the rubric, the prompt or the code that judged. string. */
export const ATTR_SPOOR_SCORE_VERSION = 'spoor.score.version' as const;

/** Ids of the steps and spans that the score rests on. string[]. */
export const ATTR_SPOOR_SCORE_EVIDENCE = 'spoor.score.evidence' as const;

/** A score that is no number. boolean or string. */
export const ATTR_SPOOR_SCORE_VALUE = 'spoor.score.value' as const;

/** What the amendment changes: `session`, `step`, `event` or `observation`. string. */
export const ATTR_SPOOR_AMENDMENT_TARGET = 'spoor.amendment.target' as const;

/** Id of what the amendment changes. string. */
export const ATTR_SPOOR_AMENDMENT_TARGET_ID = 'spoor.amendment.target_id' as const;

/** Cost of the work. double, US dollars. */
export const ATTR_SPOOR_COST_TOTAL = 'spoor.cost.total' as const;

/** Part of the cost that the input makes up. double, US dollars. */
export const ATTR_SPOOR_COST_INPUT = 'spoor.cost.input' as const;

/** Part of the cost that the output makes up. double, US dollars. */
export const ATTR_SPOOR_COST_OUTPUT = 'spoor.cost.output' as const;

/** The provider's own usage object, as JSON. string. */
export const ATTR_SPOOR_USAGE_REPORTED = 'spoor.usage.reported' as const;

/** Label by which the prompt version was chosen. string. */
export const ATTR_SPOOR_PROMPT_LABEL = 'spoor.prompt.label' as const;

/** How the work ended: `completed`, `failed`, `cancelled`, `abandoned`. string. */
export const ATTR_SPOOR_OUTCOME = 'spoor.outcome' as const;

/** What could not be kept of what the user gave, such as a screenshot that is no image. string[]. */
export const ATTR_SPOOR_WARNINGS = 'spoor.warnings' as const;

/** Tags in force when the span started. string[]. */
export const ATTR_SPOOR_TAGS = 'spoor.tags' as const;

/** Number of chunks or items that a stream or generator gave. int. */
export const ATTR_SPOOR_STREAM_CHUNK_COUNT = 'spoor.stream.chunk_count' as const;

/** Prefix: the key of an attribute that was cut follows; the value is its full length in characters. template[int]. */
export const ATTR_SPOOR_TRUNCATED = 'spoor.truncated' as const;

/** Id of a batch of requests, as the provider gave it. string. */
export const ATTR_SPOOR_BATCH_ID = 'spoor.batch.id' as const;

/** How many requests are in the batch. int. */
export const ATTR_SPOOR_BATCH_REQUEST_COUNT = 'spoor.batch.request_count' as const;

/** How many of them have been answered. int. */
export const ATTR_SPOOR_BATCH_COMPLETED_COUNT = 'spoor.batch.completed_count' as const;

/** How many of them have failed. int. */
export const ATTR_SPOOR_BATCH_FAILED_COUNT = 'spoor.batch.failed_count' as const;

/** Id of a file that the provider keeps, as it gave it. string. */
export const ATTR_SPOOR_FILE_ID = 'spoor.file.id' as const;

/** What the file is for, in the provider's word. string. */
export const ATTR_SPOOR_FILE_PURPOSE = 'spoor.file.purpose' as const;

/** Size of the file. int, bytes. */
export const ATTR_SPOOR_FILE_SIZE = 'spoor.file.size' as const;

/** Instrumentation scope of what users report. */
export const SCOPE_SPOOR = 'spoor' as const;

/** An instrumentation's scope is this and the name of its folder. */
export const SCOPE_INSTRUMENTATION_PREFIX = 'spoor/' as const;

/** First word of the name of a session's span. */
export const SPAN_NAME_SESSION = 'session' as const;

/** First word of the name of a step's span, and its whole name when the step has none. */
export const SPAN_NAME_STEP = 'step' as const;

/** First word of the name of an amendment's span. */
export const SPAN_NAME_AMENDMENT = 'amend' as const;

/** First word of the name of a score's span. */
export const SPAN_NAME_EVALUATION = 'evaluate' as const;

/** Name of the event that says what ended the process. */
export const EVENT_NAME_PROCESS_EXIT = '__process_exit__' as const;
