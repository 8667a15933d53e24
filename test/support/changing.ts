import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import { change, type Changed } from '../../src/change/change.ts';
import type { Change } from '../../src/change/asked.ts';
import { observeMachine, type Machine } from '../../src/change/machine.ts';
import type { Context, Output } from '../../src/core/context.ts';
import { createSay } from '../../src/core/say.ts';
import { plainStyle } from '../../src/text/style.ts';
import { CONFIG, desire, KEY, setup } from './machine.ts';
import { scriptAnswers, type Answer, type Question } from './scripted-ask.ts';
import { fakeExec } from './shell-context.ts';
import { makeTempHome, type TempHome } from './temp-home.ts';

/** The model that settings are to name. */
export interface Wish {
  readonly model: string;
}

/** What one change gave, asked and said. */
export interface Tried {
  /** What it threw, where it threw. */
  readonly error: unknown;
  readonly changed: Changed<Wish> | undefined;
  readonly questions: readonly Question[];
  /** All of stderr and what was shown for a question. */
  readonly said: string;
}

export interface Changing {
  readonly home: TempHome;
  readonly at: (name: string) => string;
  /** ANTHROPIC_MODEL in user settings; undefined where nothing sets it. */
  readonly model: () => string | undefined;
  readonly observe: () => Promise<Machine>;
  /** `change()` of the model in user settings. `answers` given: there is a terminal. */
  readonly run: (
    asked?: Partial<Change<Wish>>,
    more?: { readonly answers?: readonly Answer[]; readonly ctx?: Partial<Context> },
  ) => Promise<Tried>;
}

export const SETTINGS = '.claude/settings.json';

/** What user settings, and `ids` beside them, hold for this wish. */
export function wanted({ model }: Wish, ...ids: Parameters<typeof setup>): ReturnType<typeof desire> {
  const all = desire(setup('user', ...ids));
  return { ...all, config: CONFIG, setup: all.setup && { ...all.setup, variables: [{ name: 'ANTHROPIC_MODEL', value: model }] } };
}

/** `change()` itself in a home of its own, for each test of a file: no command, no network, no program. */
export function useChanging(): Changing {
  let home: TempHome;
  beforeEach(() => {
    home = makeTempHome({ processes: { host: 'here', isRunning: () => false } });
    mkdirSync(home.path('work'));
  });
  afterEach(() => home.remove());

  const contextOf = (more: Partial<Context>): Context => {
    const none = (): never => {
      throw new Error('not in these tests');
    };
    const output: Output = { write: () => undefined, isTty: false, columns: 200, colorLevel: 0 };
    return {
      ...home.ctx,
      ...{ version: '0.0.0-test', runtime: { node: process.versions.node, arch: process.arch }, uid: process.getuid?.() },
      ...{ cwd: home.path('work'), env: { TMPDIR: home.home, HOME: home.home } },
      ...{ stdout: output, stderr: output, interactive: false, readStdin: () => Promise.resolve('') },
      ...{ http: { request: none, proxyFor: () => undefined }, exec: fakeExec({}).exec, ask: scriptAnswers([]).ask },
      ...{ signal: new AbortController().signal },
      ...more,
    };
  };

  return {
    get home() {
      return home;
    },
    at: (name) => home.path(name),
    model: () => (JSON.parse(home.read(SETTINGS) ?? '{}') as { env?: Record<string, string> }).env?.['ANTHROPIC_MODEL'],
    observe: () => observeMachine(contextOf({}), ['user']),
    run: async (asked = {}, { answers, ctx = {} } = {}) => {
      const script = scriptAnswers(answers ?? []);
      let said = '';
      const stderr: Output = { write: (text) => void (said += text), isTty: false, columns: 200, colorLevel: 0 };
      const all = contextOf({ ...(answers === undefined ? {} : { interactive: true, ask: script.ask }), ...ctx });
      const outcome = await change<Wish>(all, {
        ...{ command: 'switch', decision: { model: 'opus' }, desire: (decision) => wanted(decision), targets: ['user'], key: KEY },
        ...{ yes: answers === undefined, dryRun: false, say: createSay(stderr, plainStyle(), false), question: 'Write it?' },
        ...asked,
      }).then(
        (changed) => ({ changed, error: undefined }),
        (error: unknown) => ({ changed: undefined, error }),
      );
      script.finish();
      return { ...outcome, questions: script.questions, said };
    },
  };
}
