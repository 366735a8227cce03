import { basename } from 'node:path/posix';
import { IMPORT_EXCEPTIONS, LAYERS, type Layer, NEVER_IMPORTED, layerOf } from './layers.js';
import type { ModuleImport, SourceModule } from './modules.js';

/** Each rule is a pure function from modules to complaints, so that it can be shown to fail. */

const SDK_PACKAGE = /^@opentelemetry\/(sdk-|exporter-|otlp-exporter|otlp-transformer)/;
const FILE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|gen|browser|config))?\.tsx?$/;

/** Names of LLM providers and of their SDKs. */
export const PROVIDER_NAMES: readonly string[] = [
  'openai',
  'anthropic',
  'azure',
  'bedrock',
  'gemini',
  'vertex',
  'mistral',
  'cohere',
  'groq',
  'ollama',
  'deepseek',
  'langchain',
  'llamaindex',
];

/** Where a provider may be named outside its own folder, each with its reason. */
export const NAME_EXCEPTIONS: readonly { prefix: string; names?: readonly string[]; reason: string }[] = [
  { prefix: 'src/sdk/secret-patterns.ts', reason: 'the forms of the keys that are masked' },
  {
    prefix: 'instrumentations/langchain/request.ts',
    reason: 'a framework has names of its own for every provider',
  },
  { prefix: 'instrumentations/registry.ts', reason: 'one line an SDK' },
  {
    prefix: 'instrumentations/openai/provider.ts',
    reason: 'one protocol, many providers: told apart by host',
  },
  {
    prefix: 'instrumentations/openai-agents/',
    names: ['openai'],
    reason: 'the name of the package begins with the name of the provider',
  },
  {
    prefix: 'instrumentations/',
    names: ['mcp'],
    reason: 'providers name the protocol in their own messages',
  },
  { prefix: 'instrumentations/bedrock/', reason: 'one service with the models of many providers' },
  {
    prefix: 'instrumentations/anthropic/request.ts',
    names: ['bedrock'],
    reason: 'a host that serves the same protocol',
  },
  {
    prefix: 'src/config/presets.ts',
    names: ['langchain'],
    reason: 'the address of a back end has the word in it',
  },
  { prefix: 'instrumentations/vercel-ai/provider.ts', reason: 'the package has its own names of providers' },
  { prefix: 'src/testing/', reason: 'the scripted server speaks the wire formats of the providers' },
  {
    prefix: 'src/config/env',
    reason: 'the documented example of a variable that takes names of instrumentations',
  },
];

/** Imports that the table of layers does not allow. */
export function forbiddenImports(modules: readonly SourceModule[]): string[] {
  return modules.flatMap((module) => {
    const layer = layerOf(module.path);
    if (layer === undefined) return [];
    return module.imports
      .filter((found) => !isAllowed(module.path, layer, found) && !isExcepted(module.path, found))
      .map((found) => `${module.path} (${layer}) must not import ${found.target}`);
  });
}

function isExcepted(from: string, found: ModuleImport): boolean {
  return IMPORT_EXCEPTIONS.some((entry) => entry.from === from && entry.target === found.target);
}

function isAllowed(from: string, layer: string, found: ModuleImport): boolean {
  const rules = LAYERS[layer];
  if (rules === undefined) return false;
  return found.external ? mayUsePackage(layer, rules, found) : mayImport(from, layer, rules, found);
}

function mayUsePackage(layer: string, { packages = [] }: Layer, { target, typeOnly }: ModuleImport): boolean {
  if (layer === 'instrumentations' && typeOnly) return true;
  return packages.includes(target) || (target.startsWith('node:') && packages.includes('node:'));
}

function mayImport(from: string, layer: string, rules: Layer, found: ModuleImport): boolean {
  const target = layerOf(found.target);
  if (target === undefined) return false;
  if (target === layer) return layer !== 'instrumentations' || sameSdk(from, found.target);
  if (NEVER_IMPORTED.includes(target)) return startsCommandLine(layer, target);
  return rules.may.includes(target) || (found.typeOnly && (rules.types ?? []).includes(target));
}

/** An entry may start the command line; nobody else imports it. */
function startsCommandLine(layer: string, target: string): boolean {
  return layer === 'entries' && target === 'cli';
}

/** One SDK's folder never sees another's; the registry and the index see all of them. */
function sameSdk(from: string, target: string): boolean {
  const own = sdkFolder(from);
  return own === undefined || own === sdkFolder(target) || sdkFolder(target) === undefined;
}

function sdkFolder(path: string): string | undefined {
  return /^instrumentations\/([^/]+)\//.exec(path)?.[1];
}

/** Groups of files that import each other in a circle when they run. Types are erased, so they make no circle. */
export function importCycles(modules: readonly SourceModule[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path);
    if (seen >= 0) cycles.push([...trail.slice(seen), path].join(' → '));
    if (seen >= 0 || done.has(path)) return;
    for (const found of byPath.get(path)?.imports ?? []) {
      if (!found.external && !found.typeOnly) visit(found.target, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of byPath.keys()) visit(path, []);
  return cycles;
}

/** Files and packages that come with an entry before any of its code runs. */
export function loadedAtOnce(modules: readonly SourceModule[], entry: string): Set<string> {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const loaded = new Set<string>();
  const visit = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const found of byPath.get(path)?.imports ?? []) {
      if (!found.typeOnly && !found.dynamic) visit(found.target);
    }
  };
  visit(entry);
  return loaded;
}

/** What the command that runs these files writes first, such as a generated client. */
function isMadeByCommand(path: string): boolean {
  return path.includes('/.cache/');
}

/** Relative imports that name no file. What is built is there after the build only. */
export function missingTargets(
  modules: readonly SourceModule[],
  exists: (path: string) => boolean,
): string[] {
  return modules.flatMap((module) =>
    module.imports
      .filter(
        (found) =>
          !found.external &&
          !found.target.startsWith('dist/') &&
          !isMadeByCommand(found.target) &&
          !exists(found.target) &&
          !exists(`${found.target}x`),
      )
      .map((found) => `${module.path} imports ${found.target}, which does not exist`),
  );
}

/** Only `src/sdk` may know an OpenTelemetry SDK or exporter. */
export function sdkImportsOutsideSdk(modules: readonly SourceModule[]): string[] {
  return modules
    .filter((module) => !module.path.startsWith('src/sdk/'))
    .flatMap((module) =>
      module.imports
        .filter((found) => SDK_PACKAGE.test(found.target))
        .map((found) => `${module.path} imports ${found.target}; only src/sdk may`),
    );
}

/** Files of `src` that name a provider, and files of one SDK's folder that name another SDK. */
export function providerNames(modules: readonly SourceModule[]): string[] {
  const folders = new Set(
    modules.map((module) => sdkFolder(module.path)).filter((name) => name !== undefined),
  );
  return modules.flatMap((module) => {
    const own = sdkFolder(module.path);
    const names = own === undefined ? PROVIDER_NAMES : [...folders].filter((name) => name !== own);
    if (module.path.startsWith('semconv/')) return [];
    return names
      .filter((name) => new RegExp(name, 'i').test(module.text) && !mayName(module.path, name))
      .map((name) => `${module.path} names ${name}`);
  });
}

function mayName(path: string, name: string): boolean {
  return NAME_EXCEPTIONS.some(
    (entry) => path.startsWith(entry.prefix) && (entry.names === undefined || entry.names.includes(name)),
  );
}

/** `export *`, default exports and file names that are not kebab-case. */
export function styleComplaints(modules: readonly SourceModule[]): string[] {
  const written = modules.filter((module) => !module.path.endsWith('.gen.ts'));
  return written.flatMap((module) => [
    ...(module.exportsAll ? [`${module.path} uses export *; name every export`] : []),
    ...(module.exportsDefault ? [`${module.path} has a default export; name it`] : []),
    ...(FILE_NAME.test(basename(module.path)) ? [] : [`${module.path} is not in kebab-case`]),
    ...(/^(utils?|helpers?|misc|common|manager)\b/.test(basename(module.path))
      ? [`${module.path} is named after nothing it does`]
      : []),
  ]);
}

/** Files longer than they may be. Generated files are exempt. */
export function tooLong(
  modules: readonly SourceModule[],
  limits: { source: number; test: number },
): string[] {
  return modules
    .filter((module) => !module.path.endsWith('.gen.ts'))
    .filter((module) => module.lines > (isTest(module.path) ? limits.test : limits.source))
    .map((module) => `${module.path} has ${module.lines} lines`);
}

function isTest(path: string): boolean {
  return path.startsWith('test/') || /\/test\//.test(path) || path.endsWith('.test.ts');
}

/** The files that every SDK's folder has. */
export const INSTRUMENTATION_FILES: readonly string[] = [
  'README.md',
  'index.ts',
  'instrumentation.ts',
  'request.ts',
  'response.ts',
  'sdk-types.ts',
  'stream.ts',
];

/** Files beside the common set, each with its reason. */
export const EXTRA_FILES: readonly { path: string; reason: string }[] = [
  {
    path: 'instrumentations/anthropic/instrumentation-native.ts',
    reason: 'this SDK makes spans of its own, which must not be doubled',
  },
  {
    path: 'instrumentations/openai-agents/live-spans.ts',
    reason: 'the spans of the SDK that are under way, and ours for them',
  },
  { path: 'instrumentations/mcp/connection.ts', reason: 'sent and handled requests share a connection' },
  { path: 'instrumentations/mcp/transport.ts', reason: 'kinds of transport, told apart by shape' },
  { path: 'instrumentations/mcp/session.ts', reason: 'how long a connection lasts, which has no span' },
  { path: 'instrumentations/mcp/send-request.ts', reason: 'one side of a request' },
  { path: 'instrumentations/mcp/handle-request.ts', reason: 'the other side of a request' },
  { path: 'instrumentations/bedrock/body-json.ts', reason: 'bodies are JSON in bytes' },
  {
    path: 'instrumentations/bedrock/endpoint.ts',
    reason: 'this SDK works its endpoint out in the middle of a call',
  },
  {
    path: 'instrumentations/bedrock/growing-answer.ts',
    reason: 'two kinds of streams, one way in which answers grow',
  },
  {
    path: 'instrumentations/bedrock/content-parts.ts',
    reason: 'two APIs, each with its own form of message',
  },
  {
    path: 'instrumentations/bedrock/message-parts.ts',
    reason: 'two APIs, each with its own form of message',
  },
  { path: 'instrumentations/bedrock/model-request.ts', reason: 'the bodies of many models' },
  { path: 'instrumentations/bedrock/model-response.ts', reason: 'the bodies of many models' },
  { path: 'instrumentations/bedrock/model-stream.ts', reason: 'the bodies of many models' },
  {
    path: 'instrumentations/bedrock/speech-stream.ts',
    reason: 'a conversation in both directions at a time, with events of its own',
  },
  { path: 'instrumentations/langchain/messages.ts', reason: 'models, runs and tools speak in its messages' },
  { path: 'instrumentations/langchain/model-calls.ts', reason: 'model classes are patched when first used' },
  { path: 'instrumentations/langchain/run-context.ts', reason: 'a framework has runs, which have parents' },
  { path: 'instrumentations/langchain/run-streams.ts', reason: 'runs are async generators too' },
  {
    path: 'instrumentations/langchain/runs.ts',
    reason: 'chains, tools, retrievers and graphs besides calls',
  },
  { path: 'instrumentations/langchain/traced-runs.ts', reason: 'spans of runs besides those of model calls' },
  { path: 'instrumentations/openai/provider.ts', reason: 'many providers speak this protocol' },
  { path: 'instrumentations/openai/chat-messages.ts', reason: 'two APIs, each with its own form of message' },
  {
    path: 'instrumentations/openai/responses-items.ts',
    reason: 'two APIs, each with its own form of message',
  },
  {
    path: 'instrumentations/google-genai/stream-arguments.ts',
    reason: 'arguments of a call come in pieces, each with the path of its place',
  },
  { path: 'instrumentations/google-genai/images.ts', reason: 'models that make images and nothing else' },
  {
    path: 'instrumentations/google-genai/interactions.ts',
    reason: 'two APIs, each with its own form of request and answer',
  },
  {
    path: 'instrumentations/google-genai/interactions-items.ts',
    reason: 'two APIs, each with its own form of message',
  },
  {
    path: 'instrumentations/google-genai/interactions-stream.ts',
    reason: 'two APIs, each with its own events',
  },
  { path: 'instrumentations/google-genai/live.ts', reason: 'sessions over a WebSocket, known by callbacks' },
  {
    path: 'instrumentations/google-genai/live-connection.ts',
    reason: 'a connection has turns, which are the calls',
  },
  { path: 'instrumentations/google-genai/live-turn.ts', reason: 'what one turn says, in both directions' },
  {
    path: 'instrumentations/mistral/conversations.ts',
    reason: 'two APIs, each with its own form of message',
  },
  { path: 'instrumentations/mistral/media-calls.ts', reason: 'documents, sound and moderations: no chat' },
  {
    path: 'instrumentations/mistral/instrumentation-native.ts',
    reason: 'this SDK makes spans of its own when it is asked to, which must not be doubled',
  },
  { path: 'instrumentations/openai/media-calls.ts', reason: 'images, audio and moderations: no messages' },
  {
    path: 'instrumentations/openai/media-stream.ts',
    reason: 'images and transcripts have events of their own',
  },
  { path: 'instrumentations/openai/responses-stream.ts', reason: 'two APIs, each with its own events' },
  {
    path: 'instrumentations/openai/socket-classes.ts',
    reason: 'classes beside the client speak over a WebSocket',
  },
  {
    path: 'instrumentations/openai/socket-calls.ts',
    reason: 'a connection has responses, which are the calls',
  },
  {
    path: 'instrumentations/openai/responses-session.ts',
    reason: 'one of the two protocols over a WebSocket',
  },
  {
    path: 'instrumentations/openai/realtime-session.ts',
    reason: 'the other one, in which both sides add to a conversation',
  },
  {
    path: 'instrumentations/openai/realtime-items.ts',
    reason: 'items with sound, whose transcript comes later',
  },
  { path: 'instrumentations/openai/realtime.ts', reason: 'a third API, with its own form of request' },
  {
    path: 'instrumentations/openai/realtime-response.ts',
    reason: 'a third API, with its own form of answer',
  },
  { path: 'instrumentations/openai/realtime-stream.ts', reason: 'a third API, with its own events' },
  { path: 'instrumentations/openai/run-calls.ts', reason: 'assistants: agents that the provider runs' },
  { path: 'instrumentations/openai/run-stream.ts', reason: 'runs have events of their own' },
  { path: 'instrumentations/openai/batch-calls.ts', reason: 'calls by which no model runs' },
  { path: 'instrumentations/anthropic/batch-calls.ts', reason: 'calls by which no model runs' },
  {
    path: 'instrumentations/vercel-ai/channel.ts',
    reason: 'the latest major tells of its work on a channel',
  },
  { path: 'instrumentations/vercel-ai/functions.ts', reason: 'the older majors have nothing but functions' },
  { path: 'instrumentations/vercel-ai/model.ts', reason: 'models are made by other packages' },
  { path: 'instrumentations/vercel-ai/provider.ts', reason: 'many providers have models for it' },
  { path: 'instrumentations/vercel-ai/run.ts', reason: 'the span of a whole run, for every major' },
  {
    path: 'instrumentations/vercel-ai/tracer.ts',
    reason: 'the older majors say by a tracer when a run ends',
  },
  { path: 'instrumentations/vercel-ai/value-calls.ts', reason: 'embeddings and rankings: no messages' },
];

/** Files of the common set that a folder does without, each with its reason. */
export const ABSENT_FILES: readonly { path: string; reason: string }[] = [
  { path: 'instrumentations/mcp/stream.ts', reason: 'a request has one answer' },
  { path: 'instrumentations/openai-agents/stream.ts', reason: 'the SDK says when a streamed run has ended' },
];

/** Folders without the common set of files, or with a file beside it that has no stated reason. */
export function unlikeFolders(files: readonly string[]): string[] {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = sdkFolder(file);
    if (folder !== undefined) folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders].flatMap(([folder, paths]) => {
    const common = INSTRUMENTATION_FILES.map((name) => `instrumentations/${folder}/${name}`);
    const extra = EXTRA_FILES.map(({ path }) => path);
    const absent = ABSENT_FILES.map(({ path }) => path);
    return [
      ...common
        .filter((path) => !paths.includes(path) && !absent.includes(path))
        .map((path) => `${path} is missing`),
      ...paths
        .filter((path) => !common.includes(path) && !extra.includes(path))
        .map((path) => `${path} is not part of the common set`),
    ];
  });
}
