/** The span must have ended by itself before the program ends. */
export async function collectGarbage({ delay }) {
  if (globalThis.contractSpans === undefined) return;
  for (let round = 0; round < 100 && globalThis.contractSpans.length === 0; round += 1) {
    globalThis.gc();
    await delay(20);
  }
  if (globalThis.contractSpans.length === 0) throw new Error('what the program dropped was not noticed');
}
