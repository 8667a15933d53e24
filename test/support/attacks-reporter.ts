import type { Reporter, TestModule } from 'vitest/node';

/** Files that play attacks on the built program: one for each kind, named by it. */
const ATTACKS = /(?:^|\/)attacks[/-]([\w-]+)\.(?:test|prove)\.ts$/;

/** Ends a run with the number of attacks that were played and that held, by kind. */
export default class AttacksReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((module) => {
      const kind = ATTACKS.exec(module.relativeModuleId.replaceAll('\\', '/'))?.[1];
      if (kind === undefined) return [];
      const states = [...module.children.allTests()].map((test) => test.result().state);
      const held = states.filter((state) => state === 'passed').length;
      const played = held + states.filter((state) => state === 'failed').length;
      return [`  ${kind}: ${played} played, ${held} held`];
    });
    if (lines.length > 0) process.stdout.write(`Attacks:\n${lines.sort().join('\n')}\n\n`);
  }
}
