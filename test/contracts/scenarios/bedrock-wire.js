import { crc32 } from 'node:zlib';

/** The binary event streams of this provider: each message has a head, headers, a payload and two checksums. */

function header(name, value) {
  const text = Buffer.from(value);
  const head = Buffer.alloc(name.length + 4);
  head.writeUInt8(name.length, 0);
  head.write(name, 1);
  // 7: the value is text.
  head.writeUInt8(7, name.length + 1);
  head.writeUInt16BE(text.length, name.length + 2);
  return Buffer.concat([head, text]);
}

function frame(headers, payload) {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  const message = Buffer.alloc(head.length + body.length + 16);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  body.copy(message, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4);
  return message;
}

export function startFrames(x) {
  x.response.writeHead(200, {
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amzn-requestid': 'req_1',
  });
}

/** Writes one event and waits while the client does not read. */
export async function sendFrame(x, type, payload) {
  const headers = {
    ':message-type': 'event',
    ':event-type': type,
    ':content-type': 'application/json',
  };
  if (!x.response.write(frame(headers, payload)) && !x.isClosed) await x.wake();
}

/** One chunk of a model's own answer. */
export const sendChunk = (x, body) =>
  sendFrame(x, 'chunk', { bytes: Buffer.from(JSON.stringify(body)).toString('base64') });

/** An error in the middle of a stream. */
export function sendException(x, type, message) {
  const headers = {
    ':message-type': 'exception',
    ':exception-type': type,
    ':content-type': 'application/json',
  };
  x.response.write(frame(headers, { message }));
}
