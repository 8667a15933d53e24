import { admitKnownUrl, type AdmittedUrl, type KeyedEndpoint } from '../../src/openrouter/endpoint.ts';

/** A base URL that a test's key was stored for. */
export function admitted(baseUrl: string): AdmittedUrl {
  const url = admitKnownUrl({ baseUrl, from: 'a test' }, { storedFor: baseUrl });
  if (url === undefined) throw new Error(`${baseUrl} is not its own`);
  return url;
}

/** The same with the key. */
export function keyed(baseUrl: string, key: string): KeyedEndpoint {
  return admitted(baseUrl).with(key);
}
