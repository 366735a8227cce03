/** A value as a program can see it: class, own keys and content, as plain JSON. */
export function describe(value, depth = 0) {
  if (typeof value === 'function') return `[function ${value.name} ${value.length}]`;
  if (typeof value === 'bigint' || typeof value === 'symbol' || value === undefined)
    return `[${String(value)}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 6) return '[deep]';
  if (value instanceof Error) return describeError(value, depth);
  if (Array.isArray(value)) return value.map((item) => describe(item, depth + 1));
  const seen = { class: value.constructor?.name ?? null };
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    const name = String(key) + (property.enumerable ? '' : ' (hidden)');
    seen[name] = 'value' in property ? describe(property.value, depth + 1) : '[accessor]';
  }
  return seen;
}

/** Everything of an error but the headers, which carry dates, and the stack below its first line. */
function describeError(error, depth) {
  return {
    class: error.constructor.name,
    classes: classesOf(error),
    name: error.name,
    message: normal(error.message),
    keys: Reflect.ownKeys(error).map(String),
    status: error.status ?? null,
    code: error.code ?? null,
    type: error.type ?? null,
    cause: error.cause === undefined || depth > 3 ? null : describe(error.cause, depth + 1),
  };
}

function classesOf(error) {
  const names = [];
  for (let proto = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
    names.push(proto.constructor.name);
  }
  return names;
}

function normal(text) {
  return String(text)
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\/run[^/]*\//g, '/RUN/');
}

/** What Node before version 22 puts on every promise once any AsyncLocalStorage is in use. */
const NODE_OWN = /^Symbol\((async_id_symbol|trigger_async_id_symbol|kResourceStore)\)$/;

/** Own keys and class of an object, without its content: for streams, promises and iterators. */
export function shape(value) {
  return {
    class: value?.constructor?.name ?? null,
    tag: Object.prototype.toString.call(value),
    keys: Reflect.ownKeys(value)
      .map(String)
      .filter((key) => !NODE_OWN.test(key)),
    prototypeKeys: Reflect.ownKeys(Object.getPrototypeOf(value)).map(String),
  };
}
