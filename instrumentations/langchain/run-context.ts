import type { Context } from '@opentelemetry/api';
import { activeContext } from '../../src/instrument/context.js';
import { fieldsOf, textOf } from '../../src/instrument/read.js';

/**
 * Which context a run belongs to. The active one nearly always says it, because every run is active inside. Where the async
 * context is lost (a queue, an emitter) LangChain's run ids still say it, as soon as a program has callbacks: a run whose
 * parent is known to be another run than the active one is put under that parent.
 */
const RUN: unique symbol = Symbol('spoor langchain run');
const CONVERSATION: unique symbol = Symbol('spoor langchain conversation');

/** A run that has a span. */
interface OpenRun {
  readonly context: Context;
  readonly name: string | undefined;
  readonly ids: string[];
}
/** Runs that LangChain has given an id and that have not ended. */
const byId = new Map<string, OpenRun>();

/** Marks `context` as that of a run, which the program called `name`. */
export function enterRun(context: Context, name: string | undefined): Context {
  const ids: string[] = [];
  const inside: Context = context.setValue(RUN, {
    get context() {
      return inside;
    },
    ids,
    name,
  });
  return inside;
}

/** Remembers an id that LangChain gave to a run that `context` belongs to. */
export function nameRun(runId: unknown, context: Context): void {
  const run = runOf(context);
  if (run === undefined || typeof runId !== 'string') return;
  run.ids.push(runId);
  byId.set(runId, run);
}

/** The run has ended: nothing is put under it any more. */
export function leaveRun(context: Context): void {
  for (const id of runOf(context)?.ids ?? []) byId.delete(id);
}

/** What the program called the run that `context` belongs to. */
export function runNameOf(context: Context): string | undefined {
  return runOf(context)?.name;
}

function runOf(context: Context): OpenRun | undefined {
  return context.getValue(RUN) as OpenRun | undefined;
}

/** The context to start a run in. `manager` is what LangChain passes on as callbacks, or the run's own manager. */
export function parentContext(manager: unknown): Context {
  const active = activeContext();
  if (byId.size === 0) return active;
  const parentId = textOf(fieldsOf(manager)['_parentRunId']);
  const parent = parentId === undefined ? undefined : byId.get(parentId);
  return parent === undefined || runOf(active) === parent ? active : parent.context;
}

/** The context in which everything belongs to a conversation. */
export function withConversation(context: Context, id: string | undefined): Context {
  return id === undefined ? context : context.setValue(CONVERSATION, id);
}

/** The conversation that a context belongs to. */
export function conversationOf(context: Context): string | undefined {
  return context.getValue(CONVERSATION) as string | undefined;
}
