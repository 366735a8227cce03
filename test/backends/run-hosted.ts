import type { HeldSpan } from './back-end.js';
import { compareShapes } from './compare-spans.js';
import { HOSTED, startHosted, type Hosted, type HostedRequest } from './hosted.js';
import { AGENT } from './programs.js';
import type { Row } from './run-backends.js';
import { runProgram } from './run-program.js';
import { until } from './run-process.js';

const VERSION = 'stand-in';

/** The agent with a list of presets: each service must get the whole run, at its own path and with its own headers. */
export async function runHosted(folder: string, expected: readonly HeldSpan[]): Promise<Row[]> {
  const server = await startHosted();
  try {
    const services = HOSTED.map((hosted) => ({ hosted, root: `/${hosted.name}` }));
    const env = Object.assign(
      { SPOOR_PRESET: HOSTED.map(({ name }) => name).join(',') },
      ...services.map(({ hosted, root }) => hosted.env(`${server.url}${root}`)),
    ) as Record<string, string>;
    await runProgram({ program: AGENT.file, service: 'hosted', folder, env });
    const wanted = HOSTED.length * AGENT.spans;
    await arrived(server.requests, wanted);
    return services.map(({ hosted, root }) => check(hosted, root, server.requests, expected));
  } finally {
    await server.close();
  }
}

function check(
  { name, path, headers }: Hosted,
  root: string,
  requests: readonly HostedRequest[],
  expected: readonly HeldSpan[],
): Row {
  const own = requests.filter((request) => request.path.startsWith(`${root}/`));
  const comparison = compareShapes(
    expected,
    own.flatMap(({ spans }) => spans),
  );
  const wrong = own.flatMap((request) => [
    ...(request.path === `${root}${path}` ? [] : [`the path is ${request.path}`]),
    ...Object.entries(headers)
      .filter(([header, value]) => request.headers[header] !== value)
      .map(([header]) => `${header}: ${String(request.headers[header])}`),
  ]);
  const short = expected.length === AGENT.spans ? [] : [`${expected.length} spans to compare with`];
  const faults = [...short, ...wrong, ...comparison.faults];
  const what = `example agent, in a list of presets, as \`${name}\``;
  return { backEnd: name, version: VERSION, what, comparison: { ...comparison, faults } };
}

/** Waits for the process that sends what the agent left, for ten seconds at most. */
async function arrived(requests: readonly HostedRequest[], wanted: number): Promise<void> {
  const count = (): number => requests.reduce((sum, { spans }) => sum + spans.length, 0);
  await until(async () => Array.from({ length: count() }), wanted, 10_000);
}
