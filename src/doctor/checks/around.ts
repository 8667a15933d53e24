import { isDecided } from '../../change/in-effect.ts';
import { BASE_URL, OUR_VARIABLES } from '../../claude/variables.ts';
import { effective } from '../../claude/layers.ts';
import { findingOf } from '../../diagnose/build.ts';
import { tmuxUnsetCommand, unsetCommand } from '../../targets/unset-command.ts';
import { clip, redact, stripControls } from '../../text/text.ts';
import { showValue, type Check } from '../check.ts';

/** Options and variables by which an alias changes where Claude Code sends requests, or what it asks for. */
const HAS_ITS_SAY = /--(?:settings|model|fallback-model|setting-sources|bare)\b|(?:ANTHROPIC|CLAUDE_CODE)_\w+=/;

/** An alias or a function that runs in place of the program. */
export const claudeReplaced: Check = {
  code: 'CLAUDE_REPLACED',
  fine: 'no alias or function named `claude` takes precedence over the program',
  run: ({ claudeNames = [] }) =>
    claudeNames.flatMap(({ kind, text, file, line, conditions }) => {
      const shown = clip(stripControls(redact(text ?? '')), 120);
      const isPlain = kind === 'alias' && !HAS_ITS_SAY.test(text ?? '') && /(?:^|[\s/\\])claude(?:\.exe)?(?:\s|$)/.test(text ?? '');
      if (isPlain) return [];
      const under =
        conditions.length === 0 ? '' : `, if \`${clip(stripControls(redact(conditions.map((each) => each.text).join(' and '))), 100)}\``;
      const evidence = `${file}${line === undefined ? '' : `:${line}`} makes ${kind === 'alias' ? `an alias of it: \`${shown}\`` : 'a function of it'}${under}`;
      const finding = findingOf(
        'CLAUDE_REPLACED',
        { file, line, variable: kind, value: shown === '' ? undefined : shown },
        [evidence],
        file,
      );
      return [{ finding: HAS_ITS_SAY.test(text ?? '') ? finding : { ...finding, severity: 'info' as const } }];
    }),
};

/** Variables that a terminal still has after Claude Code was taken back to Anthropic. */
export const envLeftOver: Check = {
  code: 'ENV_LEFT_OVER',
  fine: 'this terminal has no leftover variables',
  applies: ({ native }) => native === true,
  run: (observed) => {
    const { layers, native, around, shell } = observed;
    if (native !== true) return [];
    const byTool = new Set(around?.folderTool?.names);
    const left = OUR_VARIABLES.filter((name) => {
      const isSet = (effective(layers, name, 'startup')?.value ?? '') !== '';
      return (layers.process.get(name) ?? '') !== '' && !isSet && !isDecided(observed.layers, name) && !byTool.has(name);
    });
    if (!left.includes(BASE_URL)) return [];
    const evidence = left
      .slice(0, 6)
      .map((name) => `${name}: new terminals have nothing, this one has ${showValue(name, layers.process.get(name) ?? '')}`);
    const command = unsetCommand(shell, left);
    return [{ finding: findingOf('ENV_LEFT_OVER', { command }, evidence) }];
  },
};

/** A tmux server that was started with other variables gives them to every new pane. */
export const tmuxStale: Check = {
  code: 'TMUX_STALE',
  fine: "the tmux server gives new panes nothing that the start-up files don't",
  applies: ({ around }) => around?.tmux !== undefined,
  run: (observed) => {
    const { layers, around } = observed;
    const stale = [...(around?.tmux ?? [])].filter(([name, value]) => {
      const isSet = layers.startup.some((each) => each.name === name && each.value !== null);
      return value !== '' && !isSet && !isDecided(observed.layers, name);
    });
    if (stale.length === 0) return [];
    const evidence = stale
      .slice(0, 6)
      .map(([name, value]) => `${name}: the tmux server has ${showValue(name, value)}, no start-up file sets it`);
    const command = tmuxUnsetCommand(stale.map(([name]) => name));
    return [{ finding: findingOf('TMUX_STALE', { command }, evidence) }];
  },
};

/** Variables in VS Code's own settings that differ from what is in effect. */
export const editorVariables: Check = {
  code: 'EDITOR_VARIABLES',
  fine: "VS Code's settings do not change Claude Code's variables",
  run: (observed) => {
    const { layers, around } = observed;
    const other = (around?.editor ?? []).filter(
      ({ name, value }) => !isDecided(observed.layers, name) && (effective(layers, name, 'startup')?.value ?? '') !== value,
    );
    return [...new Set(other.map(({ file }) => file))].map((file) => {
      const here = other.filter((each) => each.file === file);
      const evidence = here.map(({ name, value }) => {
        const later = effective(layers, name, 'startup')?.value ?? '';
        return `${name}: ${showValue(name, value)} in VS Code, ${showValue(name, later)} in new terminals`;
      });
      return { finding: findingOf('EDITOR_VARIABLES', { file, count: here.length }, evidence, file) };
    });
  },
};

/** direnv or mise gives this folder variables of its own. */
export const folderVariables: Check = {
  code: 'FOLDER_VARIABLES',
  fine: "no tool changes this folder's variables",
  applies: ({ around }) => around?.folderTool !== undefined,
  run: (observed) => {
    const { layers, around } = observed;
    const tool = around?.folderTool;
    const other = (tool?.names ?? []).filter(
      (name) => !isDecided(observed.layers, name) && (effective(layers, name, 'startup')?.value ?? '') !== (layers.process.get(name) ?? ''),
    );
    if (tool === undefined || other.length === 0) return [];
    const evidence = other.map((name) => `${name}: ${showValue(name, layers.process.get(name) ?? '')} here, by ${tool.tool}`);
    return [{ finding: findingOf('FOLDER_VARIABLES', { variable: tool.tool, file: tool.file }, evidence, tool.tool) }];
  },
};
