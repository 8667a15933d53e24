import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { createBox } from '../support/box.ts';
it('x', async () => {
  const sim = await startSimulator();
  const box = createBox();
  let out = '';
  const K = { K: sim.key };
  const base = ['init', '--yes', '--key-env', 'K', '--base-url', sim.baseUrl];
  const cases: string[][] = [
    ['foo'], ['swich'], ['--foo'], ['init', '--presett', 'guide'], ['init', 'extra'], ['init', '--preset', 'guid'], ['init','--preset'], ['init', '--target', 'zhs'], ['init', '--target', ''], ['init','--default','sonet'],
    ['init', '--key', sim.key], ['init', sim.key], [`init`, `--key-stdin=${sim.key}`], ['init', '--key-env', sim.key], ['init','--key-storage','fil'], ['init','--key-storage','env'], ['init','--key-storage','env:ANTHROPIC_AUTH_TOKEN'], ['init','--key-storage','env:9x'], ['init','--key-storage','helper','--target','bash','--preset','guide','--key-env','K','--yes'],
    ['init','--timeout','0'], ['init','--timeout','abc'], ['init','--limits','x'], ['init','--key-stdin','--key-env','K'],
    ['test', 'hiku'], ['test','--via','codex'], ['test','--repeat','x'], ['switch','hiku=a/b'], ['switch','valeu'], ['switch','opus='], ['switch'], ['switch','--native','--back'], ['switch','--native','value'], ['undo','x'], ['undo','0'], ['remove','--target','zsj'], ['remove','--target','zsh'], ['remove'], ['undo'], ['status'], ['env'], ['env','--shell','tcsh'], ['test'], ['explain','NO_TOLS'], ['help','foo'], ['help','exit-codes'], ['simulate','--fault','XX'], ['simulate','--port','99999'], ['usage'], [],
    [...base], [...base, '--opus', 'a/b'], ['init','--yes'], ['init','--yes','--preset','guide'], ['init','--yes','--preset','guide','--key-env','NOPE'], ['init','--yes','--preset','guide','--key-stdin'],
    ...['http://example.com/api','https://openrouter.ai/api/v1','https://openrouter.ai/v1','https://openrouter.ai','https://openrouter.ai/api/','openrouter.ai/api','ftp://x/api','https://u:p@x/api','https://x/api?a=1','https://x y/api','', 'javascript:alert(1)', 'http://127.0.0.1.evil.com/api','http://localhost/v1/'].map((u) => ['init','--base-url',u]),
    ...['glm','z-ai/','z-ai/glm\nx','z-ai/g"x',"z-ai/g'x",'z-ai/g\u0007x','a/'+'x'.repeat(10240),'z-ai/glm-4.7[1m]','z-ai/ glm','$(x)/y','z-ai/glm-4.77'].map((m) => [...base,'--preset','guide','--target','bash','--opus',m]),
    [...base, '--preset', 'guide', '--target', 'project'], [...base, '--preset','guide','--target','powershell','--dry-run'],
  ];
  for (const c of cases) {
    const r = await box.orcc(c, { env: K });
    out += `$ orcc ${c.map((x) => JSON.stringify(x).slice(0, 60)).join(' ')}\n  [${r.code}]${r.stdout === '' ? '' : ' OUT ' + r.stdout.slice(0, 300)}\n  ${r.stderr.slice(0, 700).trim().replaceAll('\n', '\n  ')}\n`;
  }
  for (const [name, stdin] of [['empty', ''], ['blank inside', 'sk-or v1-abc'], ['control', 'sk-or-v1-\u0001abc'], ['nl inside','sk-or-v1-aa\nsk-or-v1-bb'], ['long', 'x'.repeat(600)], ['huge', 'x'.repeat(70000)], ['odd', 'gateway-key-1234567890'], ['unicode','sk-or-v1-é']]) {
    const r = await box.orcc(['init','--yes','--key-stdin','--preset','guide','--target','bash','--base-url',sim.baseUrl,'--no-test'], { input: stdin });
    out += `KEY ${name} [${r.code}] ${r.stderr.trim().slice(0,400)}\n`;
  }
  for (const k of Object.keys(sim.keys)) {
    const r = await box.orcc(['init','--yes','--key-stdin','--preset','guide','--target','bash','--base-url',sim.baseUrl,'--no-test','--dry-run'], { input: sim.keys[k as 'good'] });
    out += `KEYKIND ${k} [${r.code}] ${r.stderr.trim().slice(0,300)}\n`;
  }
  out += JSON.stringify(box.tree(), null, 1);
  writeFileSync('/tmp/t1/cases.txt', out);
  await sim.close(); await box.dispose();
}, 60000);
