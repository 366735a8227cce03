import type { VNode } from 'preact';
import type { Observation } from '../../../semconv/model/observation.js';
import { formatDuration, formatPlural } from '../model/format.js';
import type { Route } from '../model/route.js';
import { sessionTranscript } from '../model/transcript.js';
import { Link } from './link.js';
import { MessageView } from './message-view.js';
import { Notice } from './notice.js';

interface TranscriptProps {
  observations: readonly Observation[];
  /** The address of an observation's details. */
  linkTo: (observation: Observation) => Route;
}

/** What was said in a session, call by call, without what each prompt repeats. */
export function TranscriptView({ observations, linkTo }: TranscriptProps): VNode {
  const turns = sessionTranscript(observations);
  if (turns.length === 0) {
    return (
      <Notice title="No messages were captured">
        <p>The calls are here, without what was said. To capture messages, start the agent with</p>
        <pre>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true</pre>
      </Notice>
    );
  }
  return (
    <div class="transcript">
      {turns.map(({ observation, input, output, repeated }) => (
        <section key={`${observation.traceId} ${observation.id}`}>
          <p class="turn">
            <Link to={linkTo(observation)}>{observation.name}</Link>
            <span>
              {observation.endMs === undefined
                ? 'running'
                : formatDuration(observation.endMs - observation.startMs)}
              {repeated > 0 ? `, ${formatPlural(repeated, 'earlier message')} sent again` : ''}
            </span>
          </p>
          {[...input, ...output].map((message, index) => (
            <MessageView key={index} message={message} />
          ))}
          {observation.status === 'error' ? (
            <p class="fault">{observation.statusMessage ?? observation.errorType ?? 'The call failed.'}</p>
          ) : null}
        </section>
      ))}
    </div>
  );
}
