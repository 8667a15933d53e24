import { mkdirSync, symlinkSync } from 'node:fs';
import { olderClaude } from '../realm.ts';
import type { SetUp } from './scene.ts';

/** It takes `autoCompactWindow` for nothing. */
const OLD = '2.1.246';

const USER = '.claude/settings.json';
const CODER = 'qwen/qwen3-coder-next';
const USER_TARGET = ['--target', 'user'];

/** Models that are asked for wrongly, or for too much. */
export const MODEL_SET_UPS: readonly SetUp[] = [
  {
    name: 'an alias without a model asks for an id of Anthropic',
    code: 'ALIAS_UNMAPPED',
    init: USER_TARGET,
    breaks: ({ editJson }) => editJson(USER, ({ env = {} }) => void delete env['ANTHROPIC_DEFAULT_FABLE_MODEL']),
    ask: 'claude -p hi --model fable',
    wrong: { asks: 'claude-fable-5-2' },
    evidence: /would ask for `claude-fable-5-2`/,
    right: { asks: 'z-ai/glm-4.7' },
  },
  {
    name: 'a model that OpenRouter does not have',
    code: 'MODEL_UNKNOWN',
    init: [...USER_TARGET, '--sonnet', 'qwen/qwen3-coder-nxt', '--force', '--no-check'],
    breaks: () => undefined,
    wrong: { asks: 'qwen/qwen3-coder-nxt', says: /issue with the selected model|not a valid model/ },
    evidence: ({ home }) => `${home}/${USER}:`,
    byHand: { fix: `\`orcc switch sonnet=${CODER}\``, act: ({ type }) => type(`orcc switch sonnet=${CODER} --yes`) },
    right: { asks: CODER },
  },
  {
    name: 'a default that is no alias and no model any more, by hand',
    code: 'MODEL_UNKNOWN',
    breaks: ({ write, url, key }) =>
      write(USER, { env: { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: 'qwen/qwen3-coder-nxt' } }),
    wrong: { asks: 'qwen/qwen3-coder-nxt', says: /issue with the selected model|not a valid model/ },
    evidence: ({ home }) => `${home}/${USER}:5 sets it`,
    byHand: {
      fix: `/${USER}:5: \`${CODER}\``,
      act: ({ edit }) => edit(USER, (text) => text.replace('coder-nxt', 'coder-next')),
    },
    right: { asks: CODER },
    leaves: ['ALIAS_UNMAPPED'],
  },
  {
    name: 'no limits: a window of 128k is taken for a million',
    code: 'CONTEXT_MISMATCH',
    init: [...USER_TARGET, '--opus', 'openai/gpt-oss-120b', '--sonnet', 'openai/gpt-oss-120b'],
    breaks: ({ editJson }) =>
      editJson(USER, (value) => {
        delete value['modelSettings'];
        delete value.env?.['CLAUDE_CODE_MAX_CONTEXT_TOKENS'];
      }),
    ask: 'claude -p /context',
    wrong: { says: /\*\*Tokens:\*\* \S+ \/ 1m/ },
    evidence: /assumes a window of 1000000 tokens/,
    right: { says: /\*\*Tokens:\*\* \S+ \/ 125\.1k/ },
  },
  {
    name: 'the limit for windows says 128k, which counts as 128',
    code: 'CONTEXT_MISMATCH',
    init: USER_TARGET,
    breaks: ({ editJson }) => editJson(USER, ({ env = {} }) => void (env['CLAUDE_CODE_MAX_CONTEXT_TOKENS'] = '128k')),
    wrong: { asks: 'nobody', says: /Prompt is too long|too long/ },
    evidence: /which Claude Code reads as 128/,
    right: { asks: CODER },
  },
  {
    name: 'more output is asked for than the model can give',
    code: 'MAX_OUTPUT_TOO_BIG',
    init: [...USER_TARGET, '--sonnet', 'qwen/qwen-2.5-72b-instruct', '--haiku', 'qwen/qwen-2.5-72b-instruct', '--default', 'haiku'],
    breaks: ({ editJson }) => editJson(USER, ({ env = {} }) => void (env['CLAUDE_CODE_MAX_OUTPUT_TOKENS'] = '32000')),
    wrong: { asks: 'qwen/qwen-2.5-72b-instruct', maxTokens: 32000, says: /API Error: 400/ },
    evidence: /asks `qwen\/qwen-2.5-72b-instruct` for 32000 tokens/,
    // Its window of 32k is another matter, which only another model fixes.
    leaves: ['MODEL_UNSUITED'],
    right: { asks: 'qwen/qwen-2.5-72b-instruct', maxTokens: 16384 },
  },
  {
    name: 'a client that does not look at the window of a single model',
    code: 'CONTEXT_MISMATCH',
    init: [...USER_TARGET, '--default', 'opus'],
    breaks: ({ home }) => {
      mkdirSync(`${home}/old`);
      symlinkSync(olderClaude(OLD) ?? '', `${home}/old/claude`);
    },
    needsOlder: OLD,
    env: ({ home, env }) => ({ PATH: `${home}/old:${env['PATH'] ?? ''}` }),
    ask: 'claude -p /context',
    wrong: { says: /\*\*Tokens:\*\* \S+ \/ 256\.1k/ },
    evidence: new RegExp(OLD.replaceAll('.', '\\.')),
    byHand: { fix: 'claude update', act: () => undefined },
    isLeft: true,
    right: { says: /\*\*Tokens:\*\* \S+ \/ 198\.8k/ },
  },
];
