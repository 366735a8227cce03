/**
 * What a name of another product becomes here. Each says enough for a test to look it up: a name that does not exist fails,
 * and so does one that is said to come later and exists.
 *
 * @typedef {{ kind: string, name: string, of?: string, text: string }} Target
 */

/** A function of the entry `spoor`. */
export const call = (name) => ({ kind: 'export', name, text: `\`${name}\`` });

/** A type of the entry `spoor`. */
export const type = (name) => ({ kind: 'type', name, text: `type \`${name}\`` });

/** An option of `init`. */
export const option = (name) => ({ kind: 'option', name, text: `\`init({ ${name} })\`` });

/** A field of an options object, by the interface that has it. */
export const field = (of, name) => ({ kind: 'field', of, name, text: `\`${name}\`` });

/** A method of a handle, by the interface that has it. */
export const method = (of, name) => ({ kind: 'field', of, name, text: `\`${of}.${name}()\`` });

/** An environment variable; the same name as there when it is honoured as it is. */
export const env = (name) => ({ kind: 'env', name, text: `\`${name}\`` });

/** A command of the command line. */
export const command = (name) => ({ kind: 'command', name, text: `\`spoor ${name}\`` });

/** A setting that OpenTelemetry defines and spoor reads. */
export const standard = (text) => ({ kind: 'text', name: text, text: `\`${text}\`` });

/** A form of words, where no single name stands for the other. */
export const words = (text) => ({ kind: 'text', name: text, text });

/** A name that is planned and does not exist: exporting it makes the test fail, so that this table follows. */
export const notYet = (name) => ({ kind: 'notYet', name, text: `not yet: \`${name}\`` });

/** As `notYet`, for a command. */
export const commandNotYet = (name) => ({
  kind: 'commandNotYet',
  name,
  text: `not yet: \`spoor ${name}\``,
});

/** Nothing, with the reason. */
export const nothing = (reason) => ({ kind: 'nothing', name: '', text: `none: ${reason}` });
