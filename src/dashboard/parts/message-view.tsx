import type { VNode } from 'preact';
import type { Message } from '../../../semconv/model/message.js';
import { formatCount, formatValue } from '../model/format.js';
import { type PartView, viewPart } from '../model/transcript.js';
import { FoldedText } from './folded-text.js';

const ROLES: readonly string[] = ['system', 'user', 'assistant', 'tool'];

/** One message. All of it is text from a trace: it becomes text nodes and nothing else. */
export function MessageView({ message }: { message: Message }): VNode {
  const role = ROLES.includes(message.role) ? message.role : 'other';
  const finish = message.finish_reason;
  return (
    <article class={`message ${role}`}>
      <header>
        <span class="role">{message.role}</span>
        {message.name === undefined ? null : <span class="faint">{message.name}</span>}
        {finish === undefined || finish === 'stop' ? null : <span class="faint">finished: {finish}</span>}
      </header>
      {message.parts.map((part, index) => (
        <PartBody key={index} part={viewPart(part)} />
      ))}
    </article>
  );
}

function PartBody({ part }: { part: PartView }): VNode {
  switch (part.kind) {
    case 'text':
      return <FoldedText text={part.text} />;
    case 'reasoning':
      return (
        <details class="reasoning">
          <summary>Reasoning, {formatCount(part.text.length)} characters</summary>
          <FoldedText text={part.text} />
        </details>
      );
    case 'call':
      return (
        <Part title={part.name} kind={part.byProvider ? 'call by the provider' : 'call'} id={part.id}>
          {part.value}
        </Part>
      );
    case 'result':
      return (
        <Part title="Result" kind={part.byProvider ? 'of the provider' : 'of a tool'} id={part.id}>
          {part.value}
        </Part>
      );
    case 'attachment':
      return <p class="attachment">{part.text}</p>;
    default:
      return (
        <Part title={part.type} kind="part" id={undefined}>
          {part.value}
        </Part>
      );
  }
}

interface PartProps {
  title: string;
  kind: string;
  id: string | undefined;
  children: unknown;
}

/** A call, a result, or a part that has no view of its own. */
export function Part({ title, kind, id, children }: PartProps): VNode {
  return (
    <div class="part">
      <header>
        <span class="part-title">{title}</span>
        <span class="faint">{kind}</span>
        {id === undefined ? null : <span class="faint mono">{id}</span>}
      </header>
      {children === undefined ? null : <FoldedText code text={formatValue(children)} />}
    </div>
  );
}
