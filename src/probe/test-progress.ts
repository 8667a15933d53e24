import type { Context } from '../core/context.ts';
import { formatUsd, seconds } from './cost.ts';
import type { ProbeProgress } from './probe.ts';
import type { AliasModel, ModelResult } from './run.ts';
import type { ClientResult } from './via-claude.ts';
import { createStyle, type Style } from '../text/style.ts';
import { clip, stripControls } from '../text/text.ts';

export interface TestProgress {
  readonly onProgress: (progress: ProbeProgress) => void;
  readonly onDone: (result: ModelResult) => void;
  readonly onClient: (result: ClientResult) => void;
  /** Takes the status line away. */
  readonly close: () => void;
}

/**
 * Progress on stderr: one line as each model is done, and on a terminal a status line below them that counts
 * the seconds, and down before a retry. Nothing at all where `silent`; with `via` the real client has the last word, so
 * that no failure of orcc's own probe is called one yet.
 */
export async function createProgress(
  ctx: Pick<Context, 'stderr' | 'clock'>,
  aliases: readonly AliasModel[],
  options: { readonly silent: boolean; readonly via?: 'claude' | undefined },
): Promise<TestProgress> {
  const nothing = (): void => undefined;
  if (options.silent) return { onProgress: nothing, onDone: nothing, onClient: nothing, close: nothing };
  const { stderr, clock } = ctx;
  const style = await createStyle(stderr);
  const started = clock.monotonic();
  const names = new Map<string, string>();
  for (const { alias, model } of aliases) names.set(model, names.has(model) ? `${names.get(model) ?? ''}, ${alias}` : alias);
  const states = new Map([...names.keys()].map((model): [string, string] => [model, 'asking']));
  const told = new Set<string>();
  const erase = stderr.isTty ? '\r\x1b[K' : '';

  const draw = (): void => {
    if (!stderr.isTty || states.size === 0) return;
    const seconds = Math.round((clock.monotonic() - started) / 1000);
    const text = [...states].map(([model, state]) => `${names.get(model) ?? model} ${state}`).join(' · ');
    stderr.write(erase + style.dim(clip(`${seconds} s  ${text}`, Math.max(10, stderr.columns - 1))));
  };
  const line = (text: string): void => {
    stderr.write(`${erase}${text}\n`);
    draw();
  };
  const timer = stderr.isTty ? setInterval(draw, 1000) : undefined;
  timer?.unref();
  draw();

  return {
    onProgress(progress) {
      const name = names.get(progress.model) ?? progress.model;
      if (progress.kind === 'waiting') {
        const seconds = Math.ceil(progress.remainingMs / 1000);
        states.set(progress.model, `again in ${seconds} s (${progress.code})`);
        if (!stderr.isTty && !told.has(progress.model)) line(`${name}: ${progress.code}, trying again in ${seconds} s`);
        told.add(progress.model);
      } else {
        states.set(progress.model, progress.kind === 'asked' ? (progress.turn === 1 ? 'asking' : 'giving the tool result') : 'answering');
      }
      draw();
    },
    onDone(done) {
      states.delete(done.model);
      line(doneLine(done, options.via === undefined, style));
    },
    onClient({ alias, verdict, totalMs, finding }) {
      line(`${markOf(verdict, true, style)} ${alias}  ${style.dim('Claude Code')}  ${finding?.code ?? seconds(totalMs)}`);
    },
    close() {
      clearInterval(timer);
      states.clear();
      if (erase !== '') stderr.write(erase);
    },
  };
}

function markOf(verdict: ClientResult['verdict'], isFinal: boolean, style: Style): string {
  if (verdict === 'ok') return style.green('ok     ');
  return verdict === 'failed' && isFinal ? style.red('failed ') : style.yellow('unclear');
}

function doneLine({ model, aliases, result, summary }: ModelResult, isFinal: boolean, style: Style): string {
  const median = summary.totalMs?.median ?? result.totalMs;
  const what =
    result.finding === undefined
      ? `${seconds(median)}${result.cost === null ? '' : `, ${formatUsd(result.cost)}`}`
      : `${result.finding.code}${isFinal ? '' : ', Claude Code decides'}`;
  const mark = markOf(result.verdict, isFinal, style);
  return `${mark} ${stripControls(aliases.join(', '))}  ${style.dim(stripControls(model))}  ${result.cancelled ? 'stopped' : what}`;
}
