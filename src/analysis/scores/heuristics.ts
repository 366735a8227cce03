import type { StuckReport } from '../../../semconv/model/finding.js';
import type { Observation } from '../../../semconv/model/observation.js';
import { findStuck } from '../stuck/find-stuck.js';
import { standing } from './history.js';
import type { JudgedRun, Verdict } from './verdict.js';

const MOST_EVIDENCE = 20;
/** How much one error that was got over takes away. */
const ERROR_COST = 0.15;

/** The built-in criteria: each from 0, bad, to 1. They need no model. */
export const HEURISTICS: Readonly<Record<string, (run: JudgedRun) => Verdict | undefined>> = {
  completed,
  errors,
  stuck,
  tools,
  'repeated-work': repeatedWork,
  latency,
  cost,
};

/** Did it come to an end of its own, with an answer? */
function completed({ session, observations }: JudgedRun): Verdict {
  if (session.endReason !== undefined && !['user', 'exit'].includes(session.endReason)) {
    return { value: 0, explanation: `the program ended by ${session.endReason}` };
  }
  if (session.exitCode !== undefined && session.exitCode !== 0) {
    return { value: 0, explanation: `the program ended with code ${session.exitCode}` };
  }
  if (session.status === 'error') {
    return { value: 0, explanation: session.statusMessage ?? 'the session ended in an error' };
  }
  const abandoned = observations.filter(
    ({ outcome, endMs }) => outcome === 'abandoned' || endMs === undefined,
  );
  if (abandoned.length > 0) {
    return { value: 0.2, explanation: 'work was left open at the end', evidence: idsOf(abandoned) };
  }
  const last = observations.findLast(({ type }) => type === 'GENERATION');
  if (last === undefined) return { value: 1, explanation: 'it ended without an error' };
  if (last.status === 'error') {
    return { value: 0.1, explanation: 'the last model call failed', evidence: [last.id] };
  }
  if (last.finishReasons?.some((reason) => reason === 'length' || reason === 'content_filter') === true) {
    return {
      value: 0.3,
      explanation: `the last answer was cut: ${last.finishReasons.join()}`,
      evidence: [last.id],
    };
  }
  return asksForTools(last) && !isFollowed(last, observations)
    ? { value: 0.3, explanation: 'the last answer asks for a tool that was not run', evidence: [last.id] }
    : { value: 1, explanation: 'it ended with an answer' };
}

function asksForTools({ outputMessages = [] }: Observation): boolean {
  return outputMessages.some(({ parts }) => parts.some(({ type }) => type === 'tool_call'));
}

/** Some agents end with a tool: to send the answer, to close the ticket. */
function isFollowed(last: Observation, observations: readonly Observation[]): boolean {
  return observations.some(({ type, startMs }) => type === 'TOOL' && startMs >= last.startMs);
}

/** Failures of its own work; what was called again and then worked counts less. */
function errors({ observations, steps }: JudgedRun): Verdict {
  const failed = [
    ...steps.filter(({ status, implicit }) => status === 'error' && !implicit),
    ...observations.filter(({ status, type }) => status === 'error' && type !== 'TOOL'),
  ];
  if (failed.length === 0) return { value: 1, explanation: 'no errors' };
  return {
    value: Math.max(0, 1 - ERROR_COST * failed.length - (failed.length > 3 ? 0.3 : 0)),
    explanation: `${failed.length} of its parts failed`,
    evidence: idsOf(failed),
  };
}

/** Two criteria ask for it. */
const reports = new WeakMap<JudgedRun, StuckReport>();

function stuckReport(run: JudgedRun): StuckReport {
  let report = reports.get(run);
  if (report === undefined) reports.set(run, (report = findStuck(run)));
  return report;
}

/** Did it go in circles? */
function stuck(run: JudgedRun): Verdict {
  const { findings, figures } = stuckReport(run);
  if (findings.length === 0) return { value: 1, explanation: 'it did not go in circles' };
  const [first] = findings;
  const share = figures.steps === 0 ? 0 : figures.loopSteps / figures.steps;
  return {
    value: Math.max(0, 0.5 - 0.5 * share - 0.1 * (findings.length - 1)),
    explanation: first?.summary ?? '',
    evidence: findings.flatMap(({ stepIds }) => stepIds).slice(0, MOST_EVIDENCE),
  };
}

/** Share of tool calls that worked; a tool that never worked is worse than one that did in the end. */
function tools({ observations }: JudgedRun): Verdict | undefined {
  const calls = observations.filter(({ type }) => type === 'TOOL');
  if (calls.length === 0) return undefined;
  const failed = calls.filter(({ status }) => status === 'error');
  if (failed.length === 0) return { value: 1, explanation: `all ${calls.length} tool calls worked` };
  const worked = new Set(calls.filter(({ status }) => status !== 'error').map(toolName));
  const never = [...new Set(failed.map(toolName))].filter((name) => !worked.has(name));
  return {
    value: Math.max(0, (calls.length - failed.length) / calls.length - (never.length > 0 ? 0.25 : 0)),
    explanation:
      never.length > 0
        ? `${failed.length} of ${calls.length} tool calls failed; ${never.join(', ')} never worked`
        : `${failed.length} of ${calls.length} tool calls failed`,
    evidence: idsOf(failed),
  };
}

function toolName({ tool, name }: Observation): string {
  return tool?.name ?? name;
}

/** Share of its steps that were in a state for the first time. */
function repeatedWork(run: JudgedRun): Verdict | undefined {
  const { figures } = stuckReport(run);
  if (figures.steps < 3) return undefined;
  const share = figures.repeatedSteps / figures.steps;
  return {
    value: Math.max(0, 1 - 1.5 * share),
    explanation: `${figures.repeatedSteps} of ${figures.steps} steps were in a state seen before`,
  };
}

/** How long it took, against runs of the same project that did not fail. */
function latency({ session, history }: JudgedRun): Verdict | undefined {
  if (session.endMs === undefined || history === undefined) return undefined;
  const seconds = (session.endMs - session.startMs) / 1000;
  const value = standing(session.endMs - session.startMs, history.durationsMs);
  return value === undefined ? undefined : { value, explanation: `${seconds.toFixed(1)} s` };
}

/** What it cost, against the same. */
function cost({ session, history }: JudgedRun): Verdict | undefined {
  if (session.cost === undefined || history === undefined) return undefined;
  const value = standing(session.cost, history.costs);
  return value === undefined ? undefined : { value, explanation: `$${session.cost.toFixed(4)}` };
}

function idsOf(records: readonly { readonly id: string }[]): string[] {
  return records.slice(0, MOST_EVIDENCE).map(({ id }) => id);
}
