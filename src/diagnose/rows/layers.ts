import { nameOfGateway } from '../../core/hosts.ts';
import { type FindingArgs, type FindingRow, place } from '../row.ts';
import { pasteWord } from '../../text/quote-word.ts';

const variable = (name: string | undefined, otherwise: string): string => (name === undefined ? otherwise : `\`${name}\``);

/** Whether a value is in a folder's own settings: only a person or `doctor --fix` removes it there, since no `init` writes above them. */
const ofFolder = ({ layer }: FindingArgs): boolean => layer === 'project settings' || layer === 'local settings';

/** What Claude Code would read, and which layer wins. */
export const LAYER_ROWS = [
  {
    code: 'URL_WITHOUT_TOKEN',
    title: 'A base URL without a token',
    recognised: '`ANTHROPIC_BASE_URL` is in effect, `ANTHROPIC_AUTH_TOKEN` is missing or empty, and there is no other key',
    cause: (a) =>
      `Claude Code would send a saved claude.ai login to ${a.baseUrl === undefined ? 'the base URL' : `\`${a.baseUrl}\``}, since a base URL is set without a token`,
    fix: (a) =>
      a.file === undefined
        ? '`orcc key set`, or remove the base URL'
        : `\`orcc doctor --fix URL_WITHOUT_TOKEN\` (the base URL is in ${place(a, '')})`,
  },
  {
    code: 'API_KEY_PRESENT',
    title: 'An Anthropic API key is sent along',
    recognised: '`ANTHROPIC_API_KEY` is set and not empty in the winning layer',
    cause: (a) =>
      `a real \`ANTHROPIC_API_KEY\` in ${place(a, a.layer ?? 'the environment')} goes to ${nameOfGateway(a.baseUrl)} ${a.reason ?? 'together with the token'}`,
    fix: (a) =>
      `${a.reason === undefined ? 'set it to the empty string' : 'put the key into `ANTHROPIC_AUTH_TOKEN` and leave this one empty'}: \`orcc doctor --fix API_KEY_PRESENT\``,
  },
  {
    code: 'API_KEY_UNGUARDED',
    severity: 'warning',
    title: 'ANTHROPIC_API_KEY is not set to empty',
    recognised: 'base URL and token are in effect, and no layer sets `ANTHROPIC_API_KEY` to the empty string',
    cause: (a) =>
      `nothing sets \`ANTHROPIC_API_KEY\` to the empty string, so a real one in any terminal would go to ${nameOfGateway(a.baseUrl)} with the token`,
    fix: () => '`orcc doctor --fix API_KEY_UNGUARDED`',
  },
  {
    code: 'CREDENTIAL_ADDED',
    title: 'Another credential is sent along with the key',
    recognised:
      'besides the token or helper, Claude Code sends an API key saved by `/login` (`primaryApiKey`, the macOS Keychain), one of `CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR`, or a header of `ANTHROPIC_CUSTOM_HEADERS` that carries a credential (a note if a gateway may want it)',
    cause: (a) =>
      `${a.reason ?? 'another credential'} ${a.file === undefined ? `of ${a.layer ?? 'the environment'}` : `in ${place(a, '')}`} goes to ${a.host === undefined ? 'the base URL' : `\`${a.host}\``} with every request, as the header \`${a.value ?? 'x-api-key'}\``,
    fix: (a) =>
      a.variable === undefined || a.variable === 'primaryApiKey'
        ? '`claude auth logout`, or `/logout` inside Claude Code'
        : `remove it from ${variable(a.variable, 'the variable')}: \`orcc doctor --fix CREDENTIAL_ADDED\``,
  },
  {
    code: 'AUTH_CONFLICT',
    severity: 'warning',
    title: 'Two credentials at once',
    recognised: '`apiKeyHelper` beside `ANTHROPIC_AUTH_TOKEN` or a real `ANTHROPIC_API_KEY`',
    cause: (a) =>
      `Claude Code has two credentials${a.file === undefined ? '' : ` (one in ${place(a, '')})`} and sends both, one per header`,
    fix: () => '`orcc doctor --fix AUTH_CONFLICT` removes the one that orcc did not write',
  },
  {
    code: 'AUTH_CONFLICT_LOGIN',
    severity: 'info',
    title: 'A claude.ai login is saved',
    recognised: 'a saved claude.ai login beside `ANTHROPIC_AUTH_TOKEN`',
    cause: () => 'a claude.ai login is saved; the token overrides it, but without the token the login would be sent to the base URL',
    fix: () => '`/logout` inside Claude Code, if you do not use the login elsewhere',
  },
  {
    code: 'SETTINGS_OVERRIDE',
    title: 'A settings file overrides what orcc wrote',
    recognised: 'a layer above the one that orcc wrote sets the same variable to something else',
    cause: (a) =>
      `${variable(a.variable, 'a variable')} in ${place(a, a.layer ?? 'a settings file')}${a.value === undefined ? '' : ` (\`${a.value}\`)`} overrides what orcc wrote`,
    fix: (a) =>
      `\`orcc doctor --fix SETTINGS_OVERRIDE\`, or ${ofFolder(a) ? `remove it from ${place(a, 'that file')}` : '`orcc init --replace`'}`,
  },
  {
    code: 'REQUEST_CHANGED',
    severity: 'warning',
    title: 'A variable changes every request',
    recognised:
      '`CLAUDE_CODE_EXTRA_BODY` (a `model` in it is an error), `ANTHROPIC_SMALL_FAST_MODEL`, a `CLAUDE_CODE_SUBAGENT_MODEL` that is not in the mapping, `CLAUDE_CODE_EFFORT_LEVEL`, `CLAUDE_CODE_MODEL_CAPABILITIES`, `ANTHROPIC_UNIX_SOCKET` or `CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST` is in effect with a base URL',
    cause: (a) =>
      `${variable(a.variable, 'a variable that orcc does not write')} in ${place(a, a.layer ?? 'the environment')} ${a.reason ?? "changes Claude Code's requests"}`,
    fix: (a) =>
      `remove it from ${place(a, 'where it is set')}, unless you want it${ofFolder(a) ? '' : '; `orcc init --replace` keeps it empty'}`,
  },
  {
    code: 'PROXY_ON_LOOPBACK',
    severity: 'warning',
    title: 'A proxy is used for this machine itself',
    recognised: 'the base URL is on this machine, `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` is set, and `NO_PROXY` does not list the host',
    cause: (a) =>
      `Claude Code uses the proxy in ${variable(a.variable, '`HTTPS_PROXY`')} for ${a.host ?? 'this machine'} too, while orcc's test call goes there directly`,
    fix: (a) => `add ${a.host === undefined ? 'the host' : `\`${a.host}\``} to \`NO_PROXY\``,
  },
  {
    code: 'SETUP_OUTDATED',
    severity: 'warning',
    title: 'The setup was written by an older orcc',
    recognised: 'a target lacks a variable that this orcc writes, or has one that it no longer writes',
    cause: (a) => `an older orcc wrote ${place(a, 'what is in effect')}, without everything Claude Code needs with OpenRouter`,
    fix: () => '`orcc doctor --fix SETUP_OUTDATED`; `orcc init` and `orcc switch` do it too',
  },
  {
    code: 'ENV_NOT_LOADED',
    severity: 'warning',
    title: 'This terminal does not have the variables yet',
    recognised: 'the profile holds the block and this process lacks its variables, or has other values',
    cause: (a) => `this terminal was started before ${place(a, 'the profile')} was written`,
    fix: (a) =>
      a.file === undefined
        ? 'open a new terminal'
        : `open a new terminal, or \`${a.file.endsWith('.ps1') ? '.' : 'source'} ${pasteWord(a.file)}\``,
  },
  {
    code: 'ENV_NOT_EXPANDED',
    title: "A settings file has a variable's name instead of its value",
    recognised:
      'a value in `env` of a settings file holds `${NAME}`, `$(command)`, or is `$NAME` (measured on 2.1.332: it is used literally)',
    cause: (a) =>
      `${variable(a.variable, 'a variable')} in ${place(a, 'a settings file')} is${a.value === undefined ? ' a name' : ` \`${a.value}\``} to the letter: Claude Code expands nothing in \`env\``,
    fix: () => '`orcc doctor --fix ENV_NOT_EXPANDED` writes the value there; or remove the line',
  },
  {
    code: 'FOREIGN_EXPORT',
    severity: 'warning',
    title: 'A hand-written export interferes',
    recognised: "an `ANTHROPIC_*` or `CLAUDE_CODE_*` export outside orcc's block in a start-up file",
    cause: (a) => `${variable(a.variable, 'a variable')} is exported by hand in ${place(a, 'a start-up file')}, outside orcc's block`,
    fix: () => 'comment it out: `orcc doctor --fix FOREIGN_EXPORT`, or delete the line',
  },
  {
    code: 'ALIAS_UNMAPPED',
    title: 'An alias has no model',
    recognised: 'one of the `ANTHROPIC_DEFAULT_*_MODEL` variables is missing or empty',
    cause: (a) => `\`${a.alias ?? 'an alias'}\` has no model, so Claude Code asks ${nameOfGateway(a.baseUrl)} for its own id`,
    fix: (a) => `\`orcc doctor --fix ALIAS_UNMAPPED\`, or \`orcc switch ${a.alias ?? 'ALIAS'}=MODEL\``,
  },
  {
    code: 'LEGACY_ANTHROPIC_BLOCK',
    severity: 'warning',
    title: 'Claude Code ignores a block',
    recognised: 'a settings file with a top-level `"anthropic": {…}`',
    cause: (a) => `the \`"anthropic"\` block in ${place(a, 'a settings file')} is ignored by Claude Code, which reads \`env\``,
    fix: () => 'move it to `env`: `orcc doctor --fix LEGACY_ANTHROPIC_BLOCK`',
  },
  {
    code: 'AUTO_MODE_BLOCKED',
    severity: 'warning',
    title: "Auto mode can't check actions through OpenRouter",
    recognised: 'no settings file has `permissions.disableAutoMode: "disable"`',
    cause: (a) =>
      `interactive Claude Code starts in auto mode, which asks for a safety check that Anthropic's servers answer, and ${nameOfGateway(a.baseUrl)} does not`,
    fix: () =>
      '`orcc doctor --fix AUTO_MODE_BLOCKED` writes `permissions.disableAutoMode: "disable"`; you are then asked before each action',
    hidden: 'it says "Auto mode can\'t check actions in this session"',
  },
  {
    code: 'MODEL_WITHOUT_URL',
    title: 'Anthropic is asked for an OpenRouter model',
    recognised: 'a model with an OpenRouter id (`author/name`) is mapped or saved by `/model`, but no base URL is in effect',
    cause: (a) =>
      `Claude Code asks Anthropic for ${a.model === undefined ? 'a model' : `\`${a.model}\``}, which only OpenRouter has: no base URL is in effect`,
    fix: (a) =>
      `remove it from ${place(a, 'where it is set')} (change a saved \`model\` with \`/model\` in Claude Code), or connect to OpenRouter: \`${a.command ?? 'orcc init'}\``,
    hidden: 'it says there is an issue with the selected model',
  },
  {
    code: 'PROJECT_MAPPING_ALONE',
    severity: 'warning',
    title: 'A project mapping without a base URL, or a base URL without a token',
    recognised:
      '`.claude/settings.json` maps models, and neither user nor local settings nor the shell set a base URL; or it sets a base URL without a token',
    cause: (a) =>
      a.baseUrl === undefined
        ? `in ${place(a, 'the project settings')} aliases are mapped to OpenRouter ids, and a teammate without orcc would send these ids to Anthropic`
        : `${place(a, 'the project settings')} sets the base URL \`${a.baseUrl}\` without a token: a teammate's saved claude.ai login would be sent there`,
    fix: (a) =>
      a.baseUrl === undefined
        ? 'put the mapping into `orcc.json` instead and let `orcc check` compare, or run `orcc init --target user`'
        : 'remove that base URL: each user sets it up with a token of their own (`orcc init`), and `orcc.json` takes a mapping for the team',
  },
  {
    code: 'TEAM_DIFFERS',
    title: 'This machine differs from orcc.json',
    recognised: 'Claude Code started here would use other models than the committed `orcc.json` asks for',
    cause: (a) => `${place(a, '`orcc.json`')} asks for a mapping that is not in effect here`,
    fix: () => '`orcc switch --yes` in this repository, or `orcc init` on a new machine',
  },
  {
    code: 'LOCAL_ALONE',
    severity: 'warning',
    title: 'Only this folder is set up',
    recognised: 'the base URL is set only in `.claude/settings.local.json`',
    cause: (a) =>
      `only ${place(a, '`.claude/settings.local.json`')} sets the base URL: subfolders do not see it, and the very first start of Claude Code fails`,
    fix: () => '`orcc init --target user`',
  },
] as const satisfies readonly FindingRow[];
