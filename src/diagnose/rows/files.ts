import { type FindingRow, place } from '../row.ts';

/** Files on this machine. */
export const FILE_ROWS = [
  {
    code: 'SETTINGS_INVALID',
    title: 'Claude Code ignores a settings file',
    recognised:
      'a settings file that is not strict JSON (a comment, a trailing comma), or a known key of the wrong type; a warning if only `modelSettings` or `modelPicker` is ignored',
    cause: (a) =>
      a.variable !== undefined
        ? `Claude Code ignores \`${a.variable}\` in ${place(a, 'the settings file')}, which is not an object`
        : `Claude Code ignores all of ${place(a, 'the settings file')}${a.reason === undefined ? ', because one thing in it is invalid' : `: ${a.reason}`}`,
    fix: (a) =>
      `fix it by hand${a.line === undefined ? '' : ` at line ${a.line}`}; orcc does not touch a file that it can't ${a.variable === undefined ? 'parse' : 'write into'}`,
    hidden: 'before 2.1.300 it says nothing',
  },
  {
    code: 'SETTINGS_FILE_DIFFERS',
    severity: 'warning',
    title: 'A further settings file is not as orcc wrote it',
    recognised: 'a `--settings-file` that was changed, missed a change, or does not exist: its drive may not be mounted',
    cause: (a) => `${place(a, 'a further settings file')} ${a.reason ?? 'is not as orcc wrote it'}`,
    fix: (a) => a.right ?? '`orcc init --settings-file PATH` writes it again',
  },
  {
    code: 'SETTINGS_NOT_IGNORED',
    title: 'git would commit a key',
    recognised: 'a file with a key is in a git repository and is tracked or not ignored',
    cause: (a) => `${place(a, 'a file')} contains a key, and git ${a.reason ?? 'does not ignore it'}`,
    fix: () =>
      'add it to .gitignore: `orcc doctor --fix SETTINGS_NOT_IGNORED`; if it was ever committed, replace the key with `orcc key rotate`',
  },
  {
    code: 'GIT_UNKNOWN',
    title: "git can't tell whether it would commit a key",
    recognised: 'a file meant for a key is in a git repository, and git is missing, refuses or fails there',
    cause: (a) =>
      `orcc can't tell whether git would commit the key in ${place(a, 'a file')}${a.reason === undefined ? '' : `: ${a.reason}`}`,
    fix: () => 'make sure that `git status` works in that repository, or keep the key elsewhere; nothing was written',
  },
  {
    code: 'FOREIGN_OWNER',
    title: 'The file belongs to another user',
    recognised: 'a file meant for a key is owned by someone else',
    cause: (a) => `${place(a, 'a file')} belongs to another user, who could read a key in it`,
    fix: () => 'change its owner with `chown`, or choose another target; nothing was written',
  },
  {
    code: 'MODE_TOO_OPEN',
    title: 'Other users can read the file',
    recognised: 'a file with a key has group or other permissions',
    cause: (a) => `${place(a, 'a file')} contains a key and has mode ${a.mode ?? '0644'}, so other users of this machine can read it`,
    fix: () => '`orcc doctor --fix MODE_TOO_OPEN`',
  },
  {
    code: 'SESSION_LEFT',
    severity: 'warning',
    title: 'A killed `orcc run` left its settings behind',
    recognised: 'a folder `orcc-run-…` of a process that is gone, in the temporary or the runtime folder',
    cause: (a) => `${place(a, 'a folder')} contains the settings of a killed session, perhaps with the key; only you can read it`,
    fix: () => 'the next orcc command that writes deletes it (`orcc undo` too); or delete it by hand',
  },
  {
    code: 'OWN_FOLDER_UNSAFE',
    title: "Others can write to orcc's own folder",
    recognised: "orcc's folder, or a file in it, belongs to another user, can be written by others, or is a link or not an ordinary file",
    cause: () => "someone else could have changed orcc's configuration, its records or the key. orcc reads nothing in that folder",
    fix: () => 'check what is in it, then `chmod -R go-w` it, or `chown -R` it if it is really yours',
  },
  {
    code: 'BLOCK_DAMAGED',
    title: "orcc's block was changed",
    recognised: 'a marker without its partner, two blocks, or a checksum that does not match',
    cause: (a) => `orcc's block in ${place(a, 'a profile')} ${a.reason ?? 'was changed by hand'}`,
    fix: () => '`orcc doctor --fix BLOCK_DAMAGED` shows the difference and rewrites it; your own lines go below it',
  },
  {
    code: 'LEFT_BEHIND',
    severity: 'warning',
    title: 'Something still points to OpenRouter after `orcc remove`',
    recognised:
      "after a removal: settings that point to OpenRouter without a record that orcc wrote them, a block, or another orcc's folder",
    cause: (a) => `${place(a, 'a file')} ${a.reason ?? 'still points Claude Code to OpenRouter'}`,
    fix: (a) => a.right ?? "run `orcc remove` in a terminal: it lists what it can't prove to be its own, and asks",
  },
  {
    code: 'EXECUTION_POLICY',
    title: 'PowerShell may not run its profile',
    recognised: 'the effective execution policy is Restricted or AllSigned',
    cause: (a) => `the execution policy ${a.value === undefined ? '' : `\`${a.value}\` `}of PowerShell forbids its profile`,
    fix: () => "`Set-ExecutionPolicy -Scope CurrentUser RemoteSigned`, or use Claude Code's own settings: `orcc init --target user`",
  },
] as const satisfies readonly FindingRow[];
