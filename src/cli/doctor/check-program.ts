import { REGISTRY } from '../../../instrumentations/registry.js';
import type { Settings } from '../../config/settings.js';
import { VERSION } from '../../shared/version.js';
import type { Check, CheckGroup } from './check.js';
import { installedVersion, isInRange } from './installed-packages.js';

const LEAST_NODE = '20.19';
/** Packages of OpenTelemetry that say which pipeline a program may have. */
const PIPELINES = [
  '@opentelemetry/sdk-node',
  '@opentelemetry/sdk-trace-node',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/auto-instrumentations-node',
  '@sentry/node',
  'dd-trace',
];

/** Node, OpenTelemetry and the SDKs, as a program in `folder` has them. */
export function checkProgram(folder: string, settings: Settings): CheckGroup[] {
  return [
    { title: 'Runtime', checks: [checkNode(), ...checkOpenTelemetry(folder)] },
    { title: 'SDKs', checks: checkSdks(folder, settings) },
  ];
}

function checkNode(): Check {
  const node = process.versions.node;
  if (isInRange(node, LEAST_NODE)) return { name: 'node', status: 'ok', text: `${node}, spoor ${VERSION}` };
  return {
    name: 'node',
    status: 'trouble',
    text: `${node} is older than ${LEAST_NODE}`,
    remedy: `Run the program on Node ${LEAST_NODE} or newer.`,
  };
}

function checkOpenTelemetry(folder: string): Check[] {
  const api = installedVersion('@opentelemetry/api', folder);
  const checks: Check[] = [];
  if (api === undefined) {
    checks.push({
      name: '@opentelemetry/api',
      status: 'note',
      text: 'not installed in this folder; spoor brings its own',
    });
  } else if (isInRange(api, '1.9') && !isInRange(api, '2')) {
    checks.push({ name: '@opentelemetry/api', status: 'ok', text: api });
  } else {
    checks.push({
      name: '@opentelemetry/api',
      status: 'trouble',
      text: `${api}: spans can only be shared with versions from 1.9 to below 2`,
      remedy: 'Install @opentelemetry/api@1.9 in the program.',
    });
  }
  for (const name of PIPELINES) {
    const version = installedVersion(name, folder);
    if (version !== undefined) checks.push({ name, status: 'note', text: `${version} is installed` });
  }
  return checks;
}

function checkSdks(folder: string, settings: Settings): Check[] {
  const checks = REGISTRY.flatMap((line): Check[] => {
    const found = line.modules.flatMap((module) => {
      const version = installedVersion(module, folder);
      return version === undefined ? [] : [{ module, version }];
    });
    return found.map(({ module, version }) => checkSdk(line, module, version, settings));
  });
  if (checks.length > 0) return checks;
  return [
    {
      name: 'sdks',
      status: 'note',
      text: `none that spoor traces is installed below ${folder}: ${REGISTRY.map(({ name }) => name).join(', ')}`,
    },
  ];
}

function checkSdk(
  line: (typeof REGISTRY)[number],
  module: string,
  version: string,
  { instrumentations }: Settings,
): Check {
  if (instrumentations?.[line.name] === false) {
    return { name: line.name, status: 'note', text: `${module} ${version}: switched off by the settings` };
  }
  if (isInRange(version, line.supports)) {
    return { name: line.name, status: 'ok', text: `${module} ${version}` };
  }
  return {
    name: line.name,
    status: 'trouble',
    text: `${module} ${version} is not traced: ${line.supports} is`,
    remedy: `Update ${module}, or use wrap(client) if its classes are built the same.`,
  };
}
