import type { ObservationFacts } from './dialect.js';

/**
 * Messages without the instructions that are said by themselves too: what we write has them in both places, because readers
 * of vocabularies without a word for instructions look for them among the messages.
 */
export function withoutInstructions<T extends Pick<ObservationFacts, 'inputMessages'>>(
  said: T,
  instructions: ObservationFacts['systemInstructions'],
): Omit<T, 'inputMessages'> & Pick<ObservationFacts, 'inputMessages'> {
  const [first, ...others] = said.inputMessages ?? [];
  if (instructions === undefined || first?.role !== 'system') return said;
  if (JSON.stringify(first.parts) !== JSON.stringify(instructions)) return said;
  const { inputMessages: _, ...rest } = said;
  return others.length === 0 ? rest : { ...rest, inputMessages: others };
}
