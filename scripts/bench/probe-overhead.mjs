// What a probe costs on top of the bare request that it makes: the same body to the same simulator, read to the end.
import { request } from 'undici';
import { importSource } from '../import-source.mjs';
import { comparePairs, pairsOf } from './kit.mjs';

export async function* measure() {
  const { startSimulator, probeModel, createContext } = await importSource('simulator/server.ts', 'probe/probe.ts', 'system/index.ts');
  const simulator = await startSimulator();
  try {
    const ctx = createContext(new AbortController().signal, () => 'cancelled');
    const endpoint = { baseUrl: simulator.baseUrl, key: simulator.key };
    const probe = async () => {
      const start = performance.now();
      const { verdict } = await probeModel(ctx, { endpoint, model: 'z-ai/glm-4.7', maxTokens: 32000, quick: true });
      if (verdict !== 'ok') throw new Error(`the probe says ${verdict}`);
      return performance.now() - start;
    };
    await probe();
    const sent = simulator.requests.at(-1);
    const body = JSON.stringify(sent.body);
    const { host, connection, 'content-length': length, ...headers } = sent.headers;
    const bare = async () => {
      const start = performance.now();
      const answer = await request(new URL('v1/messages?beta=true', `${simulator.baseUrl}/`), { method: 'POST', headers, body });
      if (answer.statusCode !== 200) throw new Error(`the bare request got ${answer.statusCode}`);
      await answer.body.text();
      return performance.now() - start;
    };
    const { difference, value, base } = await comparePairs(probe, bare, pairsOf(100));
    const note = `${value.toFixed(1)} ms against ${base.toFixed(1)} ms of a bare undici request`;
    yield { what: 'one probe more than a bare request', value: difference, unit: ' ms more', bar: 5, note };
  } finally {
    await simulator.close();
  }
}
