import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createHttp } from '../../src/system/http.ts';
import { MOST, runLive } from './live.ts';
import { writeReport } from './report.ts';

const OPENROUTER = 'https://openrouter.ai/api';

/**
 * `ORCC_LIVE_KEY=… npm run live`. Exit code 0 where OpenRouter answers as the simulator does, 1 where
 * it does not, 2 without a key. ORCC_LIVE_URL may name a server on this machine instead, for trying it out.
 */
export async function main(env: Readonly<Record<string, string | undefined>>, version: string): Promise<number> {
  const key = env['ORCC_LIVE_KEY'] ?? '';
  if (!/^sk-or-[\w-]{8,200}$/.test(key)) {
    console.error('ORCC_LIVE_KEY must hold an OpenRouter key (sk-or-…)');
    return 2;
  }
  const baseUrl = env['ORCC_LIVE_URL'] ?? OPENROUTER;
  if (baseUrl !== OPENROUTER && !/^http:\/\/127\.0\.0\.1:\d+\/api$/.test(baseUrl)) {
    console.error('ORCC_LIVE_URL may only be http://127.0.0.1:PORT/api: the key is meant for OpenRouter alone');
    return 2;
  }
  console.error(`Calls ${baseUrl}, for at most $${String(MOST)}`);
  const http = createHttp(env);
  const ports = {
    http,
    version,
    random: (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)),
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    },
  };
  try {
    const result = await runLive(ports, { baseUrl, key }, (line) => {
      console.error(`  ${line}`);
    });
    const day = new Date().toISOString().slice(0, 10);
    const file = path.resolve(`live-report-${day}.md`);
    writeFileSync(file, writeReport(result, { day, version }));
    const differing = result.compared.filter(({ outcome }) => outcome === 'differs').length;
    console.log(
      `${String(result.compared.length)} calls, ${String(differing)} answered otherwise than the simulator; the report is ${file}`,
    );
    return differing === 0 && result.probe?.verdict === 'ok' ? 0 : 1;
  } catch (error) {
    console.error(`The proof could not be made: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await http.close();
  }
}
