import type { Session } from '../../semconv/model/session.js';
import { SpoorClient } from '../client/spoor-client.js';
import { SpoorError } from '../shared/errors.js';
import type { Command, Terminal } from './command.js';
import { renderObservationLine, renderSessionLine } from './render-tail.js';
import { toSafeJson } from './safe-text.js';
import { createSeenTrails, type SeenTrails } from './seen-trails.js';
import { SOURCE_OPTIONS, translatorUrl } from './trail-source.js';
import { wholeSession } from './whole-session.js';

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
    const client = new SpoorClient({ baseUrl: translatorUrl(input, terminal), retries: 0 });
    const tail: Tail = { client, seen: createSeenTrails(), terminal, isJson: input.has('json') };
    await follow(tail);
    return 0;
  },
};

interface Tail {
  client: SpoorClient;
  seen: SeenTrails;
  terminal: Terminal;
  isJson: boolean;
}

/** Prints what arrives; that the translator is away for a while is no failure. */
async function follow(tail: Tail): Promise<void> {
  const { client, terminal } = tail;
  let isFollowing = false;
  let isBehind = false;
  for await (const event of client.live({ signal: terminal.stop })) {
    if (event.type === 'open' && !isFollowing) {
      // What is there already is not news. Read after the stream is open, so that nothing falls in between.
      await catchUp(tail, { isSilent: true });
      isFollowing = true;
      terminal.err(`Following ${client.baseUrl}. Ctrl-C ends it.\n`);
    } else if (event.type === 'reset' || isBehind) {
      isBehind = !(await isRead(tail, () => catchUp(tail, { isSilent: false })));
    } else if (event.type === 'change') {
      for (const { id } of event.sessions) isBehind ||= !(await isRead(tail, () => report(tail, id)));
    }
  }
}

/** False when the translator went away meanwhile: it is read again once it is back. */
async function isRead({ terminal }: Tail, read: () => Promise<void>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    const isAway = error instanceof SpoorError && error.code === 'SPOOR_TRANSLATOR_UNREACHABLE';
    if (!isAway && !terminal.stop.aborted) throw error;
    return false;
  }
}

async function catchUp(tail: Tail, { isSilent }: { isSilent: boolean }): Promise<void> {
  const { items } = await tail.client.sessions.list({ limit: 50 });
  for (const session of items.toReversed()) await report(tail, session.id, isSilent);
}

async function report({ client, seen, terminal, isJson }: Tail, id: string, isSilent = false): Promise<void> {
  const trail = await wholeSession(client, id);
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
