import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFile, findLost, pause, readJson } from './kills.js';
import { blob, logBatch, traceBatch } from './payloads.js';
import { startTarget } from './target.js';
import { startProcess } from './translator-process.js';

/** A translator on a disk that is full: a small file system of its own, so that it is a real one. */

const DISK_BYTES = 24 * 1024 * 1024;
const BALLAST_BYTES = 8 * 1024 * 1024;
const RECOVERY_MS = 15_000;
/** Until the heap and the page cache of SQLite have their working size. */
const WARM = 1500;
const WHILE_FULL = 1200;
/** What a process that refuses everything may grow by: its heap moves, but does not climb. */
const MOST_GROWTH = 24 * 1024 * 1024;

export async function fullStore(setting) {
  return onSmallDisk(setting, DISK_BYTES, async (disk) => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES, 1));
    const translator = await startProcess({ cli: setting.cli, dataDir: join(disk, 'data') });
    try {
      const { port } = await translator.listening;
      const url = `http://127.0.0.1:${port}`;
      const filled = await fill(url);
      const refused = await refuseAll(url, translator.child.pid, setting.isSampled ? 0.1 : 1);
      const readable = await fetch(`${url}/api/sessions`);
      await readable.arrayBuffer();
      rmSync(ballast);
      const recoveredMs = await recovers(url, filled.acknowledged);
      const lost = await findLost(url, filled.acknowledged);
      const end = await translator.kill('SIGTERM');
      const counts = { checks: 0, broken: [] };
      checkFile(join(disk, 'data'), counts, true);
      const drafts = readdirSync(join(disk, 'data', 'blobs'), { recursive: true }).filter((name) =>
        /(^|\/)\./.test(name),
      );
      return {
        checks: [
          {
            what: 'answers once it is full',
            figure: `${filled.firstRefusals.join(', ')}, then ${textOf(refused.answers)}`,
            isRight: [...refused.answers.keys()].every((answer) => /^503 after \d+ s$/.test(answer)),
          },
          {
            what: 'reading meanwhile',
            figure: `status ${readable.status}`,
            isRight: readable.status === 200,
          },
          // Over a few requests a heap that finds its size looks like one that grows.
          ...(setting.isSampled
            ? []
            : [
                {
                  what: `memory over ${WHILE_FULL} refused requests`,
                  figure: `${(refused.growth / 2 ** 20).toFixed(1)} MiB more`,
                  isRight: refused.growth < MOST_GROWTH,
                },
              ]),
          {
            what: 'goes on by itself once there is room',
            figure: `after ${recoveredMs} ms`,
            isRight: recoveredMs < RECOVERY_MS,
          },
          {
            what: 'acknowledged and lost',
            figure: `${lost.length} of ${filled.acknowledged.length} requests`,
            isRight: lost.length === 0 && filled.acknowledged.length > 30,
          },
          {
            what: 'the file is whole, no half image is left',
            figure: `${counts.checks - counts.broken.length} of ${counts.checks} checks, ${drafts.length} drafts, exit code ${end.code}`,
            isRight: counts.broken.length === 0 && drafts.length === 0 && end.code === 0,
          },
        ],
      };
    } finally {
      await translator.kill();
    }
  });
}

/** Sends until three answers of each kind were refusals. */
async function fill(url) {
  const acknowledged = [];
  const refusals = { traces: 0, logs: 0, blobs: 0 };
  const firstRefusals = [];
  for (let nth = 0; Object.values(refusals).some((times) => times < 3); nth += 1) {
    if (nth > 20_000) throw new Error('the disk does not fill');
    for (const batch of mixed(nth)) {
      const answer = await sendAndTell(url, batch);
      if (answer.isKept) acknowledged.push(batch);
      else {
        if (refusals[batch.kind] === 0) firstRefusals.push(`${batch.kind} ${answer.text}`);
        refusals[batch.kind] += 1;
      }
    }
  }
  return { acknowledged, firstRefusals };
}

function mixed(nth) {
  return [
    // Large batches are committed as they came and worked out later: both ways must bear it.
    traceBatch({
      session: `s${nth % 7}`,
      isJson: nth % 2 === 0,
      ...(nth % 4 < 2 ? { spans: 20, size: 4000 } : { spans: 100, size: 500 }),
    }),
    logBatch({ isJson: nth % 2 === 1 }),
    blob(50_000),
  ];
}

async function refuseAll(url, pid, share) {
  const answers = new Map();
  const note = (text) => answers.set(text, (answers.get(text) ?? 0) + 1);
  const round = async (times) => {
    for (let nth = 0; nth < times; nth += 3) {
      for (const batch of mixed(nth)) note((await sendAndTell(url, batch)).text);
    }
  };
  await round(WARM * share);
  const before = mostBytes(pid);
  await round(WHILE_FULL * share);
  return { answers, growth: mostBytes(pid) - before };
}

async function recovers(url, acknowledged) {
  const started = performance.now();
  for (const batch of mixed(1)) {
    while (!(await sendAndTell(url, batch)).isKept) {
      if (performance.now() - started > RECOVERY_MS) return RECOVERY_MS;
      await pause(50);
    }
    acknowledged.push(batch);
  }
  return Math.round(performance.now() - started);
}

async function sendAndTell(url, { path, method = 'POST', isJson, body }) {
  const response = await fetch(url + path, {
    method,
    body,
    headers: { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' },
    signal: AbortSignal.timeout(30_000),
  });
  await response.arrayBuffer();
  const isKept = response.status === 200 || response.status === 201;
  return { isKept, text: `${response.status} after ${response.headers.get('retry-after')} s` };
}

/** The queue of a dead target fills its own disk: nothing of that may reach those who send. */
export async function fullQueue(setting) {
  return onSmallDisk(setting, 1024 * 1024, async (disk) => {
    const dataDir = join(setting.scratch, 'full-queue');
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true });
    execFileSync('ln', ['-s', disk, join(dataDir, 'forward')]);
    const decode = await import(join(setting.cli, 'src/otlp/decode.js'));
    const target = await startTarget(decode);
    target.mode = '503';
    const translator = await startProcess({ cli: setting.cli, dataDir, args: ['--forward', target.url] });
    try {
      const { port } = await translator.listening;
      const url = `http://127.0.0.1:${port}`;
      const statuses = new Map();
      for (let nth = 0; nth < 60; nth += 1) {
        const batch =
          nth % 3 === 2
            ? logBatch({ isJson: false })
            : traceBatch({ session: 's', isJson: false, size: 4000 });
        const { text } = await sendAndTell(url, batch);
        statuses.set(text, (statuses.get(text) ?? 0) + 1);
      }
      const [full] = (await readJson(`${url}/api/stats`)).forward;
      target.mode = 'up';
      const [empty] = await untilEmpty(url);
      const later = traceBatch({ session: 's', isJson: false });
      await sendAndTell(url, later);
      await untilEmpty(url);
      const isLaterThere = later.ids.every((id) => target.spans.get(id) === 1);
      const dropped = empty.droppedSpans + empty.droppedLogs;
      const sent = empty.sentSpans + empty.sentLogs;
      return {
        checks: [
          {
            what: 'those who send',
            figure: textOf(statuses),
            isRight: statuses.size === 1 && [...statuses.keys()][0].startsWith('200 '),
          },
          {
            what: 'what has no room is counted',
            figure: `${full.droppedSpans + full.droppedLogs} dropped, ${full.waitingBytes} bytes wait`,
            isRight: full.droppedSpans > 0 && full.waitingBytes > 500_000,
          },
          {
            what: 'what waits is sent once the target lives',
            figure: `${sent} sent, ${dropped} dropped, of 1200`,
            isRight: sent + dropped === 1200 && empty.waitingBytes === 0,
          },
          {
            what: 'and what comes after',
            figure: `${isLaterThere ? later.ids.length : 0} of ${later.ids.length} spans`,
            isRight: isLaterThere,
          },
        ],
      };
    } finally {
      await translator.kill();
      await target.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}

async function untilEmpty(url) {
  for (let times = 0; ; times += 1) {
    const { forward } = await readJson(`${url}/api/stats`);
    if (forward[0].waitingBytes === 0 || times > 600) return forward;
    await pause(50);
  }
}

async function onSmallDisk({ scratch }, bytes, use) {
  const disk = join(scratch, `disk-${bytes}`);
  mkdirSync(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return { skip: 'a small file system cannot be mounted here' };
  }
  try {
    return await use(disk);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

/** The most memory that the process ever had. */
function mostBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

function textOf(counts) {
  return [...counts].map(([text, times]) => `${times} × ${text.replace(' after null s', '')}`).join(', ');
}
