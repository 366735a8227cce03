import type { VNode } from 'preact';
import type { Observation } from '../../../semconv/model/observation.js';
import type { Message } from '../../../semconv/model/message.js';
import { storedKey } from '../feed/key.js';
import { observationFields, objectFields, usageFields } from '../model/fields.js';
import { formatPlural } from '../model/format.js';
import { workState } from '../model/session-state.js';
import { promptMessages } from '../model/transcript.js';
import { FieldList } from './field-list.js';
import { LogList } from './log-list.js';
import { MessageView, Part } from './message-view.js';
import { ScreenshotList } from './screenshot-list.js';
import { StateBadge } from './state-badge.js';

const OPEN_MESSAGES = 4;

/** Everything that is known of one observation, what was said first. */
export function ObservationDetails({ observation }: { observation: Observation }): VNode {
  const { tool, input, output, usage, parameters, toolDefinitions, metadata, attributes } = observation;
  const prompt = promptMessages(observation);
  const answers = observation.outputMessages ?? [];
  return (
    <>
      <header class="details-head">
        <h2>{observation.name}</h2>
        <StateBadge state={workState(observation)} />
      </header>
      {observation.status === 'error' ? (
        <p class="fault">{observation.statusMessage ?? observation.errorType ?? 'It failed.'}</p>
      ) : null}
      <ScreenshotList references={observation.screenshots ?? []} of={observation.name} />
      {tool === undefined ? null : (
        <section>
          <Part title={tool.name} kind="arguments" id={tool.callId}>
            {tool.arguments}
          </Part>
          <Part title="Result" kind="of the tool" id={undefined}>
            {tool.result}
          </Part>
        </section>
      )}
      <Messages title="Prompt" messages={prompt} />
      <Messages title="Answer" messages={answers} />
      {prompt.length > 0 || input === undefined || tool !== undefined ? null : (
        <Part title="Input" kind="" id={undefined}>
          {input}
        </Part>
      )}
      {answers.length > 0 || output === undefined || tool !== undefined ? null : (
        <Part title="Output" kind="" id={undefined}>
          {output}
        </Part>
      )}
      <FieldList title="Tokens" fields={usageFields(usage)} />
      <FieldList title="Facts" fields={observationFields(observation)} />
      <FieldList title="Parameters" fields={objectFields(parameters)} />
      {toolDefinitions === undefined ? null : (
        <FieldList
          title="Tools offered"
          fields={toolDefinitions.map(({ name, type, description }) => [name, description ?? type])}
        />
      )}
      <FieldList title="Metadata" fields={objectFields(metadata)} />
      <FieldList title="Other attributes" fields={objectFields(attributes)} />
      <LogList
        of={observation}
        path={`/api/traces/${encodeURIComponent(observation.traceId)}/logs?span=${encodeURIComponent(observation.id)}`}
      />
      {/* A link sends no key. */}
      {storedKey() === undefined ? (
        <p>
          <a href={`/api/traces/${encodeURIComponent(observation.traceId)}/spans`}>
            The trace as received (OTLP/JSON)
          </a>
        </p>
      ) : null}
    </>
  );
}

/** A long history is folded: it was shown with the calls before. */
function Messages({ title, messages }: { title: string; messages: readonly Message[] }): VNode | null {
  if (messages.length === 0) return null;
  return (
    <details class="messages" open={messages.length <= OPEN_MESSAGES}>
      <summary>
        {title}, {formatPlural(messages.length, 'message')}
      </summary>
      {messages.map((message, index) => (
        <MessageView key={index} message={message} />
      ))}
    </details>
  );
}
