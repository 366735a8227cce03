import type { VNode } from 'preact';
import type { Step } from '../../../semconv/model/step.js';
import { present, totalFields } from '../model/fields.js';
import { formatCost, formatDuration, formatPlural } from '../model/format.js';
import { workState } from '../model/session-state.js';
import { FieldList } from './field-list.js';
import { LogList } from './log-list.js';
import { ScreenshotList } from './screenshot-list.js';
import { StateBadge } from './state-badge.js';

/** What one step was: the state it found, what it was after, what it did, how it was judged. */
export function StepDetails({ step }: { step: Step }): VNode {
  const { startMs, endMs, evalScore, cost } = step;
  return (
    <>
      <header class="details-head">
        <h2>{step.name}</h2>
        <StateBadge state={workState(step)} />
      </header>
      {step.status === 'error' ? <p class="fault">{step.statusMessage ?? 'The step failed.'}</p> : null}
      <ScreenshotList references={step.screenshots ?? []} of={step.name} />
      <FieldList
        fields={present([
          ['State', step.state],
          ['State key', step.stateKey],
          ['Goal', step.goal],
          ['Action', step.action],
          ['Evaluation', evalScore === undefined ? undefined : String(evalScore)],
          ['Evaluation note', step.evalDescription],
          ['Left out', step.warnings?.join('\n')],
        ])}
      />
      <FieldList title="Tokens" fields={totalFields(step.usage)} />
      <FieldList
        title="Facts"
        fields={present([
          ['Position', String(step.index + 1)],
          ['Duration', endMs === undefined ? undefined : formatDuration(endMs - startMs)],
          ['Contains', formatPlural(step.observationCount, 'observation')],
          ['Cost', cost === undefined ? undefined : formatCost(cost)],
          ['Ended', step.autoEnded === true ? 'by what came after it' : undefined],
          ['Step', step.id],
        ])}
      />
      <LogList
        of={step}
        path={`/api/sessions/${encodeURIComponent(step.sessionId)}/logs?limit=500`}
        isShown={(log) => log.stepId === step.id}
      />
    </>
  );
}
