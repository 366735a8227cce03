/**
 * The API report: what each entry point of the built package declares, as Markdown in `docs/api`, so that a change of the
 * public API shows in a diff. Prints how many reports were compared and fails when one differs; `--write` brings them up to date.
 */
import { readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const FOLDER = join(ROOT, 'docs/api');
const ENTRIES = {
  spoor: 'dist/src/index.d.ts',
  'spoor-client': 'dist/src/client.d.ts',
  'spoor-instrumentations': 'dist/instrumentations/index.d.ts',
  'spoor-analysis': 'dist/src/analysis.d.ts',
  'spoor-semconv': 'dist/semconv/index.d.ts',
  'spoor-testing': 'dist/src/testing/index.d.ts',
  'spoor-translator': 'dist/src/translator.d.ts',
};

const SILENT = { logLevel: ExtractorLogLevel.None };

/** Comments are checked by the tests and the compiler, not here. */
const MESSAGES = {
  compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
  extractorMessageReporting: { default: SILENT },
  tsdocMessageReporting: { default: SILENT },
};

function report(name, entry, temporary, isWriting) {
  const problems = [];
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: join(ROOT, entry),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            lib: ['es2023', 'esnext.disposable', 'dom'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
            types: ['node'],
          },
          files: [join(ROOT, entry)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: FOLDER,
        reportTempFolder: temporary,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: MESSAGES,
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: isWriting,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(message.text);
    },
  });
  return { name, problems, isChanged: result.apiReportChanged };
}

const isWriting = process.argv.includes('--write');
const temporary = mkdtempSync(join(tmpdir(), 'spoor-api-'));
try {
  const reports = Object.entries(ENTRIES).map(([name, entry]) => report(name, entry, temporary, isWriting));
  for (const { name, problems, isChanged } of reports) {
    for (const problem of problems) console.error(`${name}: ${problem}`);
    if (isChanged)
      console.error(
        `docs/api/${name}.api.md ${isWriting ? 'was written' : 'is not what the build declares'}.`,
      );
  }
  const orphans = readdirSync(FOLDER).filter(
    (file) => !Object.keys(ENTRIES).includes(file.replace(/\.api\.md$/, '')),
  );
  for (const file of orphans) console.error(`docs/api/${file} belongs to no entry point.`);
  const failed = reports.filter(
    ({ problems, isChanged }) => problems.length > 0 || (isChanged && !isWriting),
  ).length;
  if (failed > 0) console.error('Update the reports: npm run check:package -- --write');
  console.log(`${reports.length} reports compared, ${failed} failed`);
  process.exitCode = failed + orphans.length > 0 ? 1 : 0;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
