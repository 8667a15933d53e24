import type { Doubts, InEffect } from '../../change/in-effect.ts';
import type { Config } from '../../config/config.ts';
import { BASE_URL } from '../../claude/variables.ts';
import { unsetCommand, tmuxUnsetCommand } from '../../targets/unset-command.ts';
import { showStartupValue } from '../../targets/startup-outcome.ts';
import type { OpenCondition } from '../../targets/startup-walk.ts';
import { clip, redact, stripControls, shortPlace } from '../../text/text.ts';
import type { Env } from '../../core/context.ts';
import type { StatusData } from './data.ts';

/**
 * The doubts as data, with keys masked and paths shortened. `isUnread`: the start-up files were not read, since orcc does not know
 * this shell.
 */
export function describeDoubts({ may, unknown }: Doubts, home: string, isUnread: boolean): StatusData['startup'] {
  return {
    certain: may.length + unknown.length === 0 && !isUnread,
    may: may.map(({ name, value, ...each }) => ({
      name,
      value: value === null ? null : showStartupValue(name, value),
      from: shortPlace(each, home),
      conditions: each.conditions.map((condition) => ({ text: shownCondition(condition), from: shortPlace(condition, home) })),
    })),
    notKnown: unknown.map(({ text, names, settled, ...each }) => ({
      text,
      from: shortPlace(each, home),
      names: names === undefined ? null : names.filter((name) => !settled.includes(name)),
    })),
  };
}

function shownCondition({ text }: OpenCondition): string {
  return clip(stripControls(redact(text)), 80);
}

/** What reading the files leaves open, in sentences. */
export function doubtLines({ may, notKnown }: StatusData['startup']): readonly string[] {
  const grouped = new Map<string, { names: string[]; readonly condition: string }>();
  for (const { name, from, conditions } of may) {
    const key = `${from.replace(/:\d+$/, '')} ${conditions[0]?.from ?? ''}`;
    const condition = conditions.map((each) => `\`${each.text}\` (${each.from})`).join(' and ');
    const group = grouped.get(key) ?? { names: [], condition };
    group.names.push(`${name} (${from})`);
    grouped.set(key, group);
  }
  const doubts = [...grouped.values()].map(({ names, condition }) => `May differ in a new terminal, if ${condition}: ${listNames(names)}`);
  const dynamic = notKnown.map(
    ({ text, from, names }) =>
      `Not known: what ${from} gives${names === null ? '' : ` ${listNames(names)}`}, \`${stripControls(text)}\`; \`orcc doctor\` asks the shell`,
  );
  return [...doubts, ...dynamic];
}

/** The first five of a list of names, and the number of the others. */
function listNames(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

/** Says how to get rid of variables that only this terminal has and that Claude Code started in it uses. undefined if there are none. */
export function tellStale({ stale, shell, layers, mapping }: InEffect, config: Config | undefined, env: Env): string | undefined {
  if (!stale.includes(BASE_URL)) return undefined;
  const url = stripControls(layers.process.get(BASE_URL) ?? '');
  const tmux = env['TMUX'] === undefined ? '' : `; tmux gives them to new panes until \`${tmuxUnsetCommand(stale)}\``;
  const cure = `\`${unsetCommand(shell, stale)}\` unsets them${tmux}`;
  if (config?.native === true)
    return `This terminal still has the variables from before \`orcc switch --native\`, and uses ${url}: ${cure}`;
  if (mapping.baseUrl?.layer !== 'shell') return undefined;
  return config === undefined
    ? `orcc is not set up here, and no start-up file sets ${BASE_URL}: this terminal has it from before, or from the program that started it. ${cure}`
    : `No start-up file sets ${BASE_URL}: this terminal inherited it from the program that started it, and a new one may not have it. ${cure}`;
}
