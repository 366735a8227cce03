import type { Session } from '../../semconv/model/session.js';
import type { LiveChange } from '../server/api-types.js';
import { SpoorError } from '../shared/errors.js';
import { createApiClient, type ApiClient } from './api-client.js';
import type { Command, Terminal } from './command.js';
import { renderObservationLine, renderSessionLine } from './render-tail.js';
import { toSafeJson } from './safe-text.js';
import { createSeenTrails, type SeenTrails } from './seen-trails.js';
import { readServerSentEvents } from './server-sent-events.js';
import { SOURCE_OPTIONS, translatorUrl } from './trail-source.js';

const RETRY_MS = 1_000;

/** `spoor tail`: a line for each session and observation as it arrives, until the user ends it. */
export const tailCommand: Command = {
  name: 'tail',
  summary: 'Follow what arrives, a line for each session and observation.',
  positionals: [],
  options: {
    url: SOURCE_OPTIONS.url,
    json: { type: 'boolean', summary: 'Print each record as one line of JSON.' },
  },
  async run(input, terminal) {
    const client = createApiClient(translatorUrl(input, terminal));
    const seen = createSeenTrails();
    const tail: Tail = {
      client,
      seen,
      terminal,
      isJson: input.has('json'),
      lastEventId: undefined,
      isFollowing: false,
    };
    while (!terminal.stop.aborted) {
      await follow(tail);
      await pause(RETRY_MS, terminal.stop);
    }
    return 0;
  },
};

interface Tail {
  client: ApiClient;
  seen: SeenTrails;
  terminal: Terminal;
  isJson: boolean;
  lastEventId: string | undefined;
  /** Has been connected once. */
  isFollowing: boolean;
}

/** Reads events until the connection ends; that the translator is away for a while is no failure. */
async function follow(tail: Tail): Promise<void> {
  const { client, terminal } = tail;
  try {
    const body = await client.live(tail.lastEventId, terminal.stop);
    if (!tail.isFollowing) {
      // What is there already is not news. Read after the stream is open, so that nothing falls in between.
      await catchUp(tail, { isSilent: true });
      tail.isFollowing = true;
      terminal.err(`Following ${client.url}. Ctrl-C ends it.\n`);
    }
    for await (const event of readServerSentEvents(body)) {
      if (event.event === 'reset') await catchUp(tail, { isSilent: false });
      if (event.event === 'change') {
        for (const { id } of (JSON.parse(event.data) as LiveChange).sessions) await report(tail, id);
      }
      tail.lastEventId = event.id ?? tail.lastEventId;
    }
  } catch (error) {
    if (terminal.stop.aborted || (tail.isFollowing && isLostConnection(error))) return;
    throw error;
  }
}

function isLostConnection(error: unknown): boolean {
  // A body that breaks off is a TypeError of fetch.
  return (
    error instanceof TypeError ||
    (error instanceof SpoorError && error.code === 'SPOOR_TRANSLATOR_UNREACHABLE')
  );
}

async function catchUp(tail: Tail, { isSilent }: { isSilent: boolean }): Promise<void> {
  const { items } = await tail.client.sessions({ limit: 50 });
  for (const session of items.toReversed()) await report(tail, session.id, isSilent);
}

async function report({ client, seen, terminal, isJson }: Tail, id: string, isSilent = false): Promise<void> {
  const trail = await client.session(id);
  if (trail === undefined) return;
  const news = seen.newsOf(trail);
  if (isSilent) return;
  const print = (text: string): void => terminal.out(`${text}\n`);
  const printSession = (session: Session): void =>
    print(isJson ? toSafeJson({ kind: 'session', session }) : renderSessionLine(session, terminal));
  if (news.isNew) printSession(trail.session);
  for (const observation of news.observations) {
    print(
      isJson
        ? toSafeJson({ kind: 'observation', observation })
        : renderObservationLine(observation, terminal),
    );
  }
  if (!news.isNew && news.isChanged) printSession(trail.session);
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', done);
  });
}
