/** docs/errors.md, made from the table of errors in the build. */
export async function errorTable() {
  const { ERRORS } = await import('../dist/src/shared/errors.js');
  const rows = Object.entries(ERRORS).map(
    ([code, { summary, remedy }]) => `## ${code}\n\n${summary}\n\n${remedy}\n`,
  );
  if (rows.length === 0) throw new Error('the table of errors is empty');
  return `# Errors\n\nEvery error that spoor raises carries one of these codes. Generated from \`src/shared/errors.ts\`.\n\n${rows.join('\n')}`;
}
