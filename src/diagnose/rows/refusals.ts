import type { FindingRow } from '../row.ts';

/** Why a command of orcc stopped: what its error says at length, in a row, so that `orcc explain` knows every code. */
function refusal<const Code extends string>(code: Code, title: string, recognised: string, cause: string, fix: string) {
  return { code, severity: 'error', title, recognised, cause: () => cause, fix: () => fix } as const satisfies FindingRow;
}

/** What stops orcc itself, before anything is changed. */
export const REFUSAL_ROWS = [
  refusal(
    'BLOCK_EDITED',
    "orcc's block was edited by hand",
    "the block's checksum does not fit what stands between its markers",
    'someone changed lines in the block of orcc, and writing it anew would lose them',
    'put lines of your own below the block, then run the command again with `--force`',
  ),
  refusal(
    'BLOCK_NEWER',
    "a newer orcc wrote the block or orcc's own files",
    'a version in the marker that this orcc does not know',
    'the block was written by a newer orcc',
    'update orcc: `npm install -g orcc@latest`',
  ),
  refusal(
    'ENCODING',
    'a start-up file in an encoding that orcc does not edit',
    'bytes that are no text in any encoding that this shell reads',
    'orcc could not give the file back byte for byte',
    'save it as UTF-8, or take another target: `orcc init --target user`',
  ),
  refusal(
    'SIGNED',
    'a signed PowerShell profile',
    'a signature block in the profile',
    'any change voids the signature',
    'use the settings of Claude Code instead: `orcc init --target user`',
  ),
  refusal(
    'FOREIGN_FILE',
    "someone else's file has the name of orcc's",
    "a file in fish's `conf.d` that has the name of orcc's and not its markers",
    'the file was not written by orcc',
    'rename it, then run the command again',
  ),
  refusal(
    'TOO_BIG',
    'a file far too large for a start-up file',
    'a start-up file above 8 MiB',
    'no start-up file is that big, so this one is something else',
    'see what is in it, or choose another target',
  ),
  refusal(
    'FILE_REFUSED',
    'a file that orcc can not or must not write',
    'a folder, a device, a link in a circle, or no permission; the message says which',
    'the file can not be read or written safely',
    'fix what the message names; nothing was written',
  ),
  refusal(
    'FOREIGN_VALUE',
    'a settings file holds values that orcc did not write',
    'one of the variables that orcc writes is there already, with another value',
    'orcc never replaces the value of someone else by itself',
    'run the command again with `--replace`; `orcc remove` brings the old values back',
  ),
  refusal(
    'EDITED',
    "values of orcc's were changed by hand",
    'a member that orcc wrote into a settings file has another value now',
    'someone changed what orcc wrote, and writing it anew would lose that',
    'run the command again with `--force` to overwrite it',
  ),
  refusal(
    'CHANGED',
    'a file changed while orcc worked',
    'other bytes just before the write than when the plan was made',
    'another program wrote to the file meanwhile',
    'run the command again',
  ),
  refusal(
    'CHANGED_SINCE',
    "what is to be undone was changed since, orcc's part too",
    'neither the whole file nor the part of orcc is as the change left it',
    'taking the change back would lose what was written since',
    '`orcc undo --force` restores the old bytes all the same, and keeps a copy of what is there now',
  ),
  refusal(
    'LOCKED',
    'another orcc is changing files',
    'a lock that another process holds',
    'two changes at the same time would spoil each other',
    'run the command again when the other one is done; the message names the lock',
  ),
  refusal(
    'RECEIPT_FOREIGN',
    'a record of a change that orcc did not make',
    'a receipt in the history that names a file that neither the state nor a target leads to',
    'putting files back by it could overwrite or delete files that are none of the business of orcc',
    'look at the folder that the message names, and move it away where orcc did not make it',
  ),
  refusal(
    'CONFIG_BROKEN',
    "one of orcc's own files is broken",
    'a file of orcc that does not parse, or that a newer orcc wrote',
    'without it orcc does not know what it wrote, so it changes nothing',
    'fix the line that the message names, or set up anew with `orcc init`',
  ),
  refusal(
    'ORCC_TOO_OLD',
    'a shared file asks for a newer orcc',
    '`minimumVersion` in an `orcc.json` or a profile file',
    'the file may hold what this orcc does not understand',
    'update orcc: `npm install -g orcc@latest`',
  ),
  refusal(
    'NO_LOGIN',
    'a gateway without a login',
    'the base URL has no `/auth/keys` that answers as OpenRouter does',
    'the base URL leads to a gateway with keys of its own',
    'get a key from whoever runs it, then `orcc key set`',
  ),
  refusal(
    'LOGIN_REFUSED',
    'the login was refused',
    'the browser came back without a code, or OpenRouter did not accept it',
    'a code is good once, for ten minutes, and for the login that it was made for',
    '`orcc login` again, or give a key with `orcc key set`',
  ),
  refusal(
    'LOGIN_TIMEOUT',
    'nobody came back from the browser',
    'no code within the time limit (five minutes, or `--timeout`)',
    'the login was not finished in the browser, or the browser runs on another machine',
    '`orcc login` again; from another machine `orcc login --no-browser`',
  ),
  refusal(
    'NO_KEYCHAIN',
    'no keychain to keep the key in',
    '`security` (macOS) or `secret-tool` (Linux) is missing, locked, or gives back something else',
    'the key can not be kept in a keychain here',
    'choose another storage with `orcc key storage`: `file`, `helper`, `profile` or `env:NAME`',
  ),
] as const;
