import { type FindingRow, place } from '../row.ts';

/** Files on this machine. */
export const FILE_ROWS = [
  {
    code: 'SETTINGS_INVALID',
    severity: 'error',
    title: 'Claude Code drops a settings file',
    recognised:
      'a settings file that is no strict JSON (a comment, a trailing comma), or a known key of the wrong type; a warning where only `modelSettings` or `modelPicker` is passed over',
    cause: (a) =>
      a.variable !== undefined
        ? `Claude Code passes over \`${a.variable}\` in ${place(a, 'the settings file')}, which is no object`
        : `Claude Code ignores all of ${place(a, 'the settings file')}${a.reason === undefined ? ', because one thing in it is invalid' : `: ${a.reason}`}`,
    fix: (a) =>
      `fix it by hand${a.line === undefined ? '' : ` at line ${a.line}`}; orcc does not touch a file that it cannot ${a.variable === undefined ? 'parse' : 'write into'}`,
    hidden: 'before 2.1.300 it says nothing',
  },
  {
    code: 'SETTINGS_FILE_DIFFERS',
    severity: 'warning',
    title: 'A further settings file is not as orcc wrote it',
    recognised: 'a file of `--settings-file` that was changed, missed a change, or is not there: its drive may not be mounted',
    cause: (a) => `${place(a, 'a further settings file')} ${a.reason ?? 'is not as orcc wrote it'}`,
    fix: (a) => a.right ?? '`orcc init --settings-file PATH` writes it again',
  },
  {
    code: 'SETTINGS_NOT_IGNORED',
    severity: 'error',
    title: 'git would commit a key',
    recognised: 'a file that holds a key lies in a git repository and is tracked or not ignored',
    cause: (a) => `${place(a, 'a file')} holds a key, and git ${a.reason ?? 'does not ignore it'}`,
    fix: () =>
      'add it to .gitignore: `orcc doctor --fix SETTINGS_NOT_IGNORED`; if it was ever committed, replace the key with `orcc key rotate`',
  },
  {
    code: 'GIT_UNKNOWN',
    severity: 'error',
    title: 'git does not say whether it would commit a key',
    recognised: 'a file that is to hold a key lies below a `.git`, and git is missing, refuses or fails there',
    cause: (a) => `whether git would commit the key in ${place(a, 'a file')} can't be told${a.reason === undefined ? '' : `: ${a.reason}`}`,
    fix: () => 'see that `git status` works in that repository, or take another place for the key; nothing was written',
  },
  {
    code: 'FOREIGN_OWNER',
    severity: 'error',
    title: 'The file belongs to another user',
    recognised: 'a file that is to hold a key is owned by somebody else',
    cause: (a) => `${place(a, 'a file')} belongs to another user, who could read a key in it`,
    fix: () => 'make it your own with `chown`, or take another place; nothing was written',
  },
  {
    code: 'MODE_TOO_OPEN',
    severity: 'error',
    title: 'Other users can read the file',
    recognised: 'a file that holds a key with group or other permissions',
    cause: (a) => `${place(a, 'a file')} holds a key and has the mode ${a.mode ?? '0644'}, so that other users of this machine can read it`,
    fix: () => '`orcc doctor --fix MODE_TOO_OPEN`',
  },
  {
    code: 'SESSION_LEFT',
    severity: 'warning',
    title: 'A killed `orcc run` left its settings behind',
    recognised: 'a folder `orcc-run-…` of a process that is gone, in the temporary or the runtime folder',
    cause: (a) => `${place(a, 'a folder')} holds the settings of a session that was killed, and perhaps the key; only you can read it`,
    fix: () => 'any orcc command that writes takes it away, `orcc undo` too; or delete it by hand',
  },
  {
    code: 'OWN_FOLDER_UNSAFE',
    severity: 'error',
    title: "Others can write in orcc's own folder",
    recognised: "orcc's folder, or a file in it, belongs to another user, can be written by others, or is a link or no ordinary file",
    cause: () =>
      'someone else could have written what orcc believes: its configuration, its records, the key. Nothing in its folder is read',
    fix: () => 'look at what is in it, then `chmod -R go-w` it, or `chown -R` it where it is yours all the same',
  },
  {
    code: 'BLOCK_DAMAGED',
    severity: 'error',
    title: "orcc's block was changed",
    recognised: 'a marker without its partner, two blocks, or a checksum that does not fit',
    cause: (a) => `the block of orcc in ${place(a, 'a profile')} ${a.reason ?? 'was changed by hand'}`,
    fix: () => '`orcc doctor --fix BLOCK_DAMAGED` shows the difference and writes it anew; lines of your own go below it',
  },
  {
    code: 'LEFT_BEHIND',
    severity: 'warning',
    title: 'Something still leads to OpenRouter after `orcc remove`',
    recognised:
      'settings that point to OpenRouter without a record that orcc wrote them, a block, or the folder of another orcc, after a removal',
    cause: (a) => `${place(a, 'a file')} ${a.reason ?? 'still leads Claude Code to OpenRouter'}`,
    fix: (a) => a.right ?? 'run `orcc remove` on a terminal: it lists what it can not prove to be its own, and asks',
  },
  {
    code: 'EXECUTION_POLICY',
    severity: 'error',
    title: 'PowerShell may not run its profile',
    recognised: 'the effective execution policy is Restricted or AllSigned',
    cause: (a) => `the execution policy ${a.value === undefined ? '' : `\`${a.value}\` `}of PowerShell forbids its profile`,
    fix: () => "`Set-ExecutionPolicy -Scope CurrentUser RemoteSigned`, or use Claude Code's own settings: `orcc init --target user`",
  },
] as const satisfies readonly FindingRow[];
