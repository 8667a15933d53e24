// Drives a real headless Chromium over its pipe, as a person at the login page would: `node chromium.mjs SCENARIO ADDRESS OUT`.
// Writes what each tab showed at the end to OUT as JSON. Nothing but node: it runs inside a network of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [scenario, address, out] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), 'orcc-chromium-'));
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  `--user-data-dir=${profile}`,
  '--remote-debugging-pipe',
];
const browser = spawn(process.env.ORCC_PROVE_CHROMIUM ?? 'chromium', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const waiting = new Map();
let last = 0;
let rest = '';
browser.stdio[4].setEncoding('utf8').on('data', (text) => {
  const messages = (rest + text).split('\0');
  rest = messages.pop();
  for (const message of messages.map((each) => JSON.parse(each))) {
    const { resolve, reject } = waiting.get(message.id) ?? {};
    if (message.error !== undefined) reject?.(new Error(message.error.message));
    else resolve?.(message.result);
    waiting.delete(message.id);
  }
});

function send(method, params = {}, sessionId = undefined) {
  return new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });
}

async function openTab(url) {
  const { targetId } = await send('Target.createTarget', { url });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const read = async (expression) =>
    (await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }, sessionId)).result.value;
  const until = async (expression) => {
    for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
      // A page that is being left has nothing to evaluate.
      const value = await read(expression).catch(() => undefined);
      if (value) return value;
    }
    throw new Error(`it never came: ${expression}, at ${await read('location.href')}`);
  };
  const show = async () => ({
    url: await read('location.origin + location.pathname'),
    title: await read('document.title'),
    text: await read('document.body.innerText'),
  });
  return { read, until, show };
}

/** Presses the page's button and waits for the page that it leads to. */
async function approve(tab) {
  await tab.until('document.querySelector("#approve") !== null');
  await tab.read('document.querySelector("#approve").click()');
  await tab.until(
    'location.port !== "" && document.querySelector("#approve") === null && document.readyState === "complete" && document.title !== ""',
  );
}

const scenarios = {
  async approve() {
    const tab = await openTab(address);
    await approve(tab);
    return [await tab.show()];
  },
  /** The same address in two tabs, authorized one after the other. */
  async tabs() {
    const tabs = [await openTab(address), await openTab(address)];
    for (const tab of tabs) await approve(tab);
    return Promise.all(tabs.map((tab) => tab.show()));
  },
  /** Somebody plays with the address first: a stranger's path, no code, a wrong one. */
  async wrong() {
    // The address may be a file that leads on, as the one that orcc opens.
    const first = await openTab(address);
    await first.until('document.querySelector("#approve") !== null');
    const callback = new URL(new URL(await first.read('location.href')).searchParams.get('callback_url'));
    const shown = [];
    for (const url of [`${callback.origin}/`, callback.href, `${callback.href}?code=auth_code_wrong`]) {
      const tab = await openTab(url);
      await tab.until('document.readyState === "complete" && document.title !== ""');
      shown.push(await tab.show());
    }
    await approve(first);
    return [...shown, await first.show()];
  },
  /** Only looks at the code. */
  async code() {
    const tab = await openTab(address);
    await tab.until('document.querySelector("#code") !== null');
    return [{ code: await tab.read('document.querySelector("#code").innerText') }];
  },
};

let result;
try {
  result = { pages: await scenarios[scenario]() };
} catch (error) {
  result = { error: String(error) };
}
// Whole or not at all: somebody waits for this file.
writeFileSync(`${out}.part`, JSON.stringify(result));
renameSync(`${out}.part`, out);
await Promise.race([send('Browser.close').catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 2000))]);
browser.kill('SIGKILL');
await new Promise((resolve) => setTimeout(resolve, 200));
rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
