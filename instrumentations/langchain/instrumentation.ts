import type { CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod, type Caller } from '../../src/instrument/patch-sdk.js';
import { activeContext, runInContext } from '../../src/instrument/context.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { callOfModel, ownerOf } from './model-calls.js';
import { nameRun } from './run-context.js';
import { callPipe, callStream } from './run-streams.js';
import { readChain, readGraph, readRetriever, readTool } from './runs.js';
import { callRun } from './traced-runs.js';

/**
 * LangChain has callbacks, but a callback cannot make a span active for what follows, and a handler of ours would change what
 * the program sees: runs without callbacks have no ids, and messages get one as soon as there is a handler. So the methods
 * that make runs are patched, on the base classes, and no handler is added.
 */
type Prototype = Record<string, unknown>;
interface BaseClass {
  /** Told by the methods that the prototype has as its own. */
  isOwn(has: (name: string) => boolean, prototype: Prototype): boolean;
  patch(prototype: Prototype, late: Unpatch[]): Unpatch[];
}

const chain: Caller = callRun((target, [input, options]) => readChain(target, input, options));
const chainStream: Caller = callStream((target, [input, options]) => readChain(target, input, options));

/** The base classes of LangChain, and a subclass that runs its steps by itself. */
const CLASSES: readonly BaseClass[] = [
  {
    isOwn: (has) => has('_callWithConfig') && has('_transformStreamWithConfig'),
    patch: (prototype, late) => [
      ...patchMethod(
        prototype,
        '_callWithConfig',
        callRun((target, [, input, options]) => readChain(target, input, options)),
      ),
      ...patchMethod(
        prototype,
        '_batchWithConfig',
        callRun((target, [, inputs, options]) => readChain(target, inputs, options)),
      ),
      ...patchMethod(
        prototype,
        '_transformStreamWithConfig',
        callPipe((target, [, , options]) => readChain(target, undefined, options)),
      ),
      ...patchMethod(prototype, 'stream', graphsFirst(late)),
      ...patchRelatives(prototype, late),
    ],
  },
  {
    // Sequences, maps of parallel branches, fallbacks and branches.
    isOwn: (has, prototype) =>
      ['RunnableSequence', 'RunnableMap', 'RunnableWithFallbacks', 'RunnableBranch'].includes(
        lcName(prototype),
      ) && has('constructor'),
    patch: (prototype) => [
      // A branch is run by `_callWithConfig`.
      ...(lcName(prototype) === 'RunnableBranch' ? [] : patchMethod(prototype, 'invoke', chain)),
      ...patchMethod(prototype, 'batch', chain),
      ...patchMethod(prototype, '_streamIterator', chainStream),
    ],
  },
  {
    isOwn: (has) => has('_generateUncached'),
    patch: (prototype, late) => {
      const first = callOfModel(prototype, late);
      return ['_generateUncached', '_streamIterator', 'streamEvents'].flatMap((name) =>
        patchMethod(prototype, name, first),
      );
    },
  },
  {
    // A tool. A model and an older chain have both methods too.
    isOwn: (has) => has('invoke') && has('call') && !has('_generateUncached') && !has('_formatValues'),
    patch: (prototype) =>
      patchMethod(
        prototype,
        'call',
        callRun((target, [input, options]) => readTool(target, input, options)),
      ),
  },
  {
    isOwn: (has) => has('_getRelevantDocuments') && has('invoke'),
    patch: (prototype) =>
      patchMethod(
        prototype,
        // Where it is still there, `invoke` calls it.
        Object.hasOwn(prototype, 'getRelevantDocuments') ? 'getRelevantDocuments' : 'invoke',
        callRun((target, [query, options]) => readRetriever(target, query, options)),
      ),
  },
  {
    isOwn: (has) => has('handleChainStart') && has('handleToolStart') && has('getParentRunId'),
    patch: (prototype) =>
      ['handleChainStart', 'handleToolStart', 'handleRetrieverStart'].flatMap((name) =>
        patchMethod(prototype, name, namingRuns),
      ),
  },
  {
    // A queue runs its work in the context of whoever left it, so work takes its own along.
    isOwn: (has) => has('call') && has('callWithOptions'),
    patch: (prototype) => [
      ...patchMethod(prototype, 'call', keepingContext(0)),
      ...patchMethod(prototype, 'callWithRetries', keepingContext(1)),
    ],
  },
];

/** Patches the classes of one copy of LangChain that are found among a module's exports. */
export const definition: CustomSdk = {
  patchModule(moduleExports: unknown): Unpatch[] {
    const late: Unpatch[] = [];
    const classes = Object.values(fieldsOf(moduleExports)).filter(
      (exported) => typeof exported === 'function',
    );
    const undo = classes.flatMap((one) => patchPrototypes(one.prototype, late));
    // The main entry point exports no class at all.
    return undo.length > 0 || classes.length === 0 ? [...undo, () => undoAll(late)] : [];
  },
  patchClient(client: unknown): Unpatch[] {
    const late: Unpatch[] = [];
    return [...patchPrototypes(Object.getPrototypeOf(client), late), () => undoAll(late)];
  },
};

function undoAll(late: Unpatch[]): void {
  for (const undo of late.splice(0)) guard('unpatch', undo);
}

/** Patches the base classes that a class is made of. */
function patchPrototypes(start: unknown, late: Unpatch[]): Unpatch[] {
  const undo: Unpatch[] = [];
  let prototype = start as Prototype | null | undefined;
  while (prototype !== null && prototype !== undefined && prototype !== Object.prototype) {
    const own = prototype;
    const has = (name: string): boolean => Object.hasOwn(own, name);
    for (const found of CLASSES) if (found.isOwn(has, own)) undo.push(...found.patch(own, late));
    prototype = Object.getPrototypeOf(prototype) as Prototype | null;
  }
  return undo;
}

/** The name under which LangChain serialises a class; it outlives minification. */
function lcName(prototype: Prototype): string {
  const constructor = prototype['constructor'] as { lc_name?: () => unknown } | undefined;
  if (constructor === undefined || !Object.hasOwn(constructor, 'lc_name')) return '';
  return String(constructor.lc_name?.());
}

/** Runnable classes whose relatives are patched. */
const known = new WeakSet<object>();

/** The classes that a runnable makes by itself: whatever is loaded of LangChain, sequences are found. */
function patchRelatives(prototype: Prototype, late: Unpatch[]): Unpatch[] {
  if (known.has(prototype)) return [];
  known.add(prototype);
  const { pipe, withFallbacks } = prototype as Record<string, ((...args: unknown[]) => unknown) | undefined>;
  if (pipe === undefined || withFallbacks === undefined) return [];
  const relatives = guard('classes', () => {
    const blank: unknown = Object.create(prototype);
    const sequence = fieldsOf(Reflect.apply(pipe, blank, [{}]));
    return [sequence, sequence['last'], Reflect.apply(withFallbacks, blank, [[]])].map((relative): unknown =>
      Object.getPrototypeOf(relative),
    );
  });
  const undo = relatives?.flatMap((relative) => patchPrototypes(relative, late)) ?? [];
  return [...undo, () => void known.delete(prototype)];
}

/** Graphs are patched when the first one is used: their class belongs to another package, of which there may be any copy. */
function graphsFirst(late: Unpatch[]): Caller {
  return (target, args, original) => {
    guard('graph class', () => {
      if ((target as { constructor?: { lc_name?: () => unknown } }).constructor?.lc_name?.() !== 'LangGraph')
        return;
      const owner = ownerOf(target, '_streamIterator');
      const traced = callStream((graph, [input, options]) => readGraph(graph, input, options));
      late.push(...patchMethod(owner, '_streamIterator', traced));
    });
    return Reflect.apply(original, target, args);
  };
}

/** LangChain gives a run its id when it tells the callbacks, inside the method that we have traced. */
function namingRuns(target: unknown, args: unknown[], original: (...args: unknown[]) => unknown): unknown {
  const context = activeContext();
  const manager = Reflect.apply(original, target, args);
  if (manager instanceof Promise)
    manager.then((run: unknown) => nameRun(fieldsOf(run)['runId'], context), ignore);
  return manager;
}

function keepingContext(index: number): Caller {
  return (target, args, original) => {
    const work = args[index];
    if (typeof work !== 'function') return Reflect.apply(original, target, args);
    const context = activeContext();
    const kept = (...given: unknown[]): unknown =>
      runInContext(context, (): unknown => Reflect.apply(work, undefined, given));
    return Reflect.apply(original, target, args.with(index, kept));
  };
}

function ignore(): void {}
