import type { Context } from '../core/context.ts';
import { seconds } from './cost.ts';
import type { ProbeProgress } from './input.ts';
import type { AliasModel, ModelResult } from './run.ts';
import type { ClientResult } from './via-claude.ts';

interface TestProgress {
  readonly onProgress: (progress: ProbeProgress) => void;
  readonly onDone: (result: ModelResult) => void;
  readonly onClient: (result: ClientResult) => void;
  /** Removes the line: the table says it all. */
  readonly close: () => void;
}

/**
 * Shows one line on a terminal while the models are called: each alias with its state, seconds counted up, and down before a retry.
 * Shows nothing anywhere else. With `via` the real client decides, so a failure of orcc's own probe is not called one yet.
 */
export function createProgress(
  { stderr, clock }: Pick<Context, 'stderr' | 'clock'>,
  aliases: readonly AliasModel[],
  options: { readonly silent: boolean; readonly via?: 'claude' | undefined },
): TestProgress {
  const nothing = (): void => undefined;
  const { progress: show } = stderr;
  if (options.silent || show === undefined) return { onProgress: nothing, onDone: nothing, onClient: nothing, close: nothing };
  const started = clock.monotonic();
  const states = new Map<string, string>(aliases.map(({ alias }) => [alias, '1st turn']));
  const ofModel = (model: string): readonly string[] => aliases.filter((each) => each.model === model).map(({ alias }) => alias);
  const draw = (): void => {
    const passed = Math.round((clock.monotonic() - started) / 1000);
    show(`${passed} s  ${[...states].map(([alias, state]) => `${alias} ${state}`).join(' · ')}`);
  };
  const set = (names: readonly string[], state: string): void => {
    for (const name of names) states.set(name, state);
    draw();
  };
  const timer = setInterval(draw, 1000).unref();
  draw();

  return {
    onProgress(progress) {
      const asked = progress.kind === 'asked' ? (progress.turn === 1 ? '1st turn' : '2nd turn') : 'answering';
      const state = progress.kind === 'waiting' ? `again in ${Math.ceil(progress.remainingMs / 1000)} s (${progress.code})` : asked;
      set(ofModel(progress.model), state);
    },
    onDone({ aliases: names, result, summary }) {
      const failed = options.via === undefined ? 'failed' : 'unclear, Claude Code decides';
      set(names, result.verdict === 'ok' ? `ok ${seconds(summary.totalMs?.median ?? result.totalMs)}` : failed);
    },
    onClient({ alias, verdict, totalMs }) {
      set([alias], verdict === 'ok' ? `ok in Claude Code ${seconds(totalMs)}` : 'failed in Claude Code');
    },
    close() {
      clearInterval(timer);
      show(undefined);
    },
  };
}
