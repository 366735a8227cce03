/** The options of a client that never leaves this machine. */
export async function clientOptions(baseURL, load, { requestTimeout, ...options } = {}) {
  const { NodeHttpHandler } = await load('@smithy/node-http-handler');
  return {
    endpoint: baseURL,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ requestTimeout, throwOnRequestTimeout: true }),
    ...options,
  };
}
