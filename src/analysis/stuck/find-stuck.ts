import type { Finding, StuckReport, StuckRule } from '../../../semconv/model/finding.js';
import type { Observation } from '../../../semconv/model/observation.js';
import { observationMoves } from '../moves/observation-moves.js';
import { readMoves, sessionFacts, type SessionRecords } from '../moves/read-moves.js';
import { createStuckAnalyzer, type StuckOptions } from './stuck-analyzer.js';

/** What can go in circles inside one step. */
const INSIDE: ReadonlySet<StuckRule> = new Set(['exact-retry', 'error-retry', 'flip-flop', 'tandem-repeat']);

/** Where a session went in circles, and what that cost. */
export function findStuck(records: SessionRecords, options: StuckOptions = {}): StuckReport {
  const analyzer = createStuckAnalyzer(records.session.id, options);
  for (const move of readMoves(records)) analyzer.append(move);
  const report = analyzer.report();
  if (report.basis === 'observations') return report;
  const covered = new Set(report.findings.flatMap(({ stepIds }) => stepIds));
  const inside = insideSteps(records, options, covered);
  const findings = [...report.findings, ...inside].toSorted(
    (left, right) => left.firstIndex - right.firstIndex,
  );
  return { ...report, findings };
}

/** Length of the shortest session that passed; undefined when none did. */
export function bestPassingSteps(sessions: readonly SessionRecords[]): number | undefined {
  const lengths = sessions.flatMap((records) =>
    sessionFacts(records.session).isPassed === true ? [readMoves(records).length] : [],
  );
  return lengths.length === 0 ? undefined : Math.min(...lengths);
}

/** Calls that are repeated within one step; a step that is itself part of a finding has said enough. */
function insideSteps(
  { session, steps, observations }: SessionRecords,
  options: StuckOptions,
  covered: ReadonlySet<string>,
): Finding[] {
  const byStep = new Map<string, Observation[]>();
  for (const observation of observations) {
    if (observation.stepId === undefined || covered.has(observation.stepId)) continue;
    const list = byStep.get(observation.stepId);
    if (list === undefined) byStep.set(observation.stepId, [observation]);
    else list.push(observation);
  }
  return steps.flatMap(({ id, index, implicit }) => {
    const list = byStep.get(id);
    if (implicit || list === undefined || list.length < 3) return [];
    const analyzer = createStuckAnalyzer(session.id, options);
    for (const move of observationMoves(session.id, list)) analyzer.append(move);
    return analyzer
      .report()
      .findings.filter(({ rule }) => INSIDE.has(rule))
      .map((finding) => ({ ...finding, firstIndex: index, lastIndex: index }));
  });
}
