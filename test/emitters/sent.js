/** What an emitter sent, as a file of samples: a span or a log record a line, without what says something of the machine. */
import { readFileSync, writeFileSync } from 'node:fs';

const LOCAL = /(?:https?:\/\/)?127\.0\.0\.1(?::\d+)?/g;
const LOST = /^(code\.|process\.|host\.|exception\.stacktrace$|langsmith\.metadata\.(revision_id|LANGSMITH))/;
/** A trace of the stack names folders, and goes on to the end of the text. */
const TRACE = /\s*Traceback \(most recent call last\)[\s\S]*/;
const LONGEST = 4000;

/** `calls` has the spans and log records of each call. */
export function writeSent(path, calls) {
  const lines = Object.entries(calls).flatMap(([call, { spans, logs }]) => [
    ...spans.map((span) => ({ call, span: cleaned(span) })),
    ...logs.map((log) => ({ call, log: cleaned(log) })),
  ]);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line, asText)}\n`).join(''));
}

export function readSent(path) {
  const calls = {};
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const { call, span, log } = JSON.parse(line, fromText);
    const own = (calls[call] ??= { spans: [], logs: [] });
    if (span !== undefined) own.spans.push(span);
    else own.logs.push(log);
  }
  return calls;
}

function cleaned(record) {
  const { 'service.name': service } = record.resource.attributes;
  return {
    ...record,
    attributes: cleanedAttributes(record.attributes),
    ...(record.statusMessage === undefined ? {} : { statusMessage: cleanedText(record.statusMessage) }),
    ...(record.events === undefined
      ? {}
      : {
          events: record.events.map((event) => ({
            ...event,
            attributes: cleanedAttributes(event.attributes),
          })),
        }),
    resource: { attributes: service === undefined ? {} : { 'service.name': service } },
  };
}

function cleanedAttributes(attributes) {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([key, value]) => !LOST.test(key) && !(key.startsWith('logfire.') && isLong(value)))
      .map(([key, value]) => [key, typeof value === 'string' ? cleanedText(value) : value]),
  );
}

function cleanedText(text) {
  return text.replaceAll(LOCAL, 'https://provider.example.com').replace(TRACE, '');
}

function isLong(value) {
  return typeof value === 'string' && value.length > LONGEST;
}

function asText(_, value) {
  return typeof value === 'bigint' ? String(value) : value;
}

function fromText(key, value) {
  return key.endsWith('UnixNano') ? BigInt(value) : value;
}
