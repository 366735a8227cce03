/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  // One copy of spoor for all of the server's bundles.
  serverExternalPackages: ['spoor'],
};
