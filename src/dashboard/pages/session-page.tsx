import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Log } from '../../../semconv/model/log.js';
import type { SessionResponse } from '../../server/api-types.js';
import { useLive } from '../feed/use-live.js';
import { useResource } from '../feed/use-resource.js';
import { navigate } from '../feed/use-route.js';
import type { Route, Selection } from '../model/route.js';
import { buildTrail } from '../model/trail.js';
import { Link } from '../parts/link.js';
import { LiveMark } from '../parts/live-mark.js';
import { LogList } from '../parts/log-list.js';
import { Failure, Loading, Notice } from '../parts/notice.js';
import { ObservationDetails } from '../parts/observation-details.js';
import { SessionHead } from '../parts/session-head.js';
import { StepDetails } from '../parts/step-details.js';
import { TrailView } from '../parts/trail-view.js';
import { TranscriptView } from '../parts/transcript-view.js';

type SessionRoute = Extract<Route, { page: 'session' }>;

/** One session: its trail on one side; its transcript, or what was selected, on the other. */
export function SessionPage({ route }: { route: SessionRoute }): VNode {
  const found = useResource<SessionResponse>(`/api/sessions/${encodeURIComponent(route.id)}`);
  const live = useLive(route.id, { onChange: found.reload, onReset: found.reload });
  const gone = found.failure?.status === 404;
  return (
    <>
      <div class="bar-top">
        <nav aria-label="Breadcrumb">
          <Link to={{ page: 'sessions', filters: route.filters }}>← Sessions</Link>
        </nav>
        <LiveMark state={live} />
      </div>
      {gone ? (
        <Notice title="This session is gone">
          <p>There is no session with this id: it was never received, or it has been removed.</p>
        </Notice>
      ) : null}
      {found.failure === undefined || gone ? null : (
        <Failure failure={found.failure} onRetry={found.reload} />
      )}
      {found.value === undefined
        ? found.failure === undefined && <Loading />
        : !gone && <SessionBody found={found.value} route={route} />}
    </>
  );
}

function SessionBody({ found, route }: { found: SessionResponse; route: SessionRoute }): VNode {
  const { session, steps, observations } = found;
  const rows = useMemo(() => buildTrail(found), [found]);
  const { selection, ...rest } = route;
  const linkTo = (target?: Selection): Route => ({
    ...rest,
    ...(target === undefined ? {} : { selection: target }),
  });
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && selection !== undefined) navigate({ ...rest });
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [route]);
  return (
    <>
      <SessionHead session={session} />
      <div class={selection === undefined ? 'session-body' : 'session-body selected'}>
        <section class="trail-side" aria-label="Steps and observations">
          {rows.length === 0 ? (
            <Notice title="Nothing inside yet" />
          ) : (
            <TrailView rows={rows} selection={selection} linkTo={linkTo} />
          )}
          {found.nextCursor === undefined ? null : (
            <p role="status">
              These are the first {observations.length} of {session.observationCount} observations; `spoor
              show` prints all.
            </p>
          )}
        </section>
        <section class="details" aria-label={selection === undefined ? 'Transcript' : 'Details'}>
          {selection === undefined ? (
            <>
              <h2>Transcript</h2>
              <TranscriptView
                observations={observations}
                linkTo={(observation) => linkTo({ kind: 'observation', id: observation.id })}
              />
              <LogList
                path={`/api/sessions/${encodeURIComponent(session.id)}/logs?limit=500`}
                of={found}
                isShown={isLoose(found)}
              />
            </>
          ) : (
            <>
              <p class="close">
                <Link to={linkTo()}>← Transcript</Link>
              </p>
              <Selected selection={selection} steps={steps} observations={observations} />
            </>
          )}
        </section>
      </div>
    </>
  );
}

/** True for log records that are shown with no observation and no step. */
function isLoose({ steps, observations }: SessionResponse): (log: Log) => boolean {
  const spans = new Set(observations.map(({ traceId, id }) => `${traceId} ${id}`));
  const stepIds = new Set<string | undefined>(steps.map(({ id }) => id));
  return (log) =>
    !spans.has(`${log.traceId} ${log.spanId}`) && (log.stepId === undefined || !stepIds.has(log.stepId));
}

type SelectedProps = Pick<SessionResponse, 'steps' | 'observations'> & { selection: Selection };

function Selected({ selection, steps, observations }: SelectedProps): VNode {
  const key = `${selection.kind} ${selection.id}`;
  const step = selection.kind === 'step' ? steps.find(({ id }) => id === selection.id) : undefined;
  if (step !== undefined) return <StepDetails key={key} step={step} />;
  const observation =
    selection.kind === 'observation' ? observations.find(({ id }) => id === selection.id) : undefined;
  if (observation !== undefined) return <ObservationDetails key={key} observation={observation} />;
  return <Notice title={`This ${selection.kind} is gone`} />;
}
