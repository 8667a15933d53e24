import type { FindingRow } from '../row.ts';

/** A row that explains at length the error that stopped a command of orcc, so that `orcc explain` knows every code. */
function refusal<const Code extends string>(code: Code, title: string, recognised: string, cause: string, fix: string) {
  return { code, title, recognised, cause: () => cause, fix: () => fix } as const satisfies FindingRow;
}

/** What stops orcc itself, before anything is changed. */
export const REFUSAL_ROWS = [
  refusal(
    'BLOCK_EDITED',
    "orcc's block was edited by hand",
    "the block's checksum does not match the lines between its markers",
    "someone changed lines in orcc's block, and rewriting it would lose them",
    'move your own lines below the block, then run the command again with `--force`',
  ),
  refusal(
    'BLOCK_NEWER',
    "A newer orcc wrote the block or orcc's own files",
    'a version in the marker that this orcc does not know',
    'the block was written by a newer orcc',
    'update orcc: `npm install -g orcc@latest`',
  ),
  refusal(
    'ENCODING',
    'A start-up file in an encoding that orcc does not edit',
    'bytes that are not text in any encoding this shell reads',
    'orcc could not restore the file byte for byte',
    'save it as UTF-8, or choose another target: `orcc init --target user`',
  ),
  refusal(
    'SIGNED',
    'A signed PowerShell profile',
    'a signature block in the profile',
    'any change invalidates the signature',
    "use Claude Code's settings instead: `orcc init --target user`",
  ),
  refusal(
    'FOREIGN_FILE',
    "Another file has the name of orcc's file",
    "a file in fish's `conf.d` with the name of orcc's file but without its markers",
    'the file was not written by orcc',
    'rename it, then run the command again',
  ),
  refusal(
    'TOO_BIG',
    'A file far too large for a start-up file',
    'a start-up file above 5 MiB',
    'no start-up file is that big, so this one is something else',
    'check what is in it, or choose another target',
  ),
  refusal(
    'FILE_REFUSED',
    "A file that orcc can't or must not write",
    'a folder, a device, a link in a circle, or no permission; the message says which',
    "the file can't be read or written safely",
    'fix what the message names; nothing was written',
  ),
  refusal(
    'FOREIGN_VALUE',
    'A settings file holds values that orcc did not write',
    'one of the variables that orcc writes is already there, with another value',
    "orcc never replaces someone else's value unasked",
    'run the command again with `--replace`; `orcc remove` restores the old values',
  ),
  refusal(
    'EDITED',
    'Values that orcc wrote were changed by hand',
    'a member that orcc wrote to a settings file now has another value',
    'someone changed what orcc wrote, and rewriting it would lose that',
    'run the command again with `--force` to overwrite it',
  ),
  refusal(
    'CHANGED',
    'A file changed while orcc worked',
    "the file's bytes just before the write differ from those the plan was made with",
    'another program changed the file in the meantime',
    'run the command again',
  ),
  refusal(
    'CHANGED_SINCE',
    "A file to undo was changed since, including orcc's part",
    "neither the whole file nor orcc's part is as the change left it",
    'undoing the change would lose what was written since',
    '`orcc undo --force` restores the old bytes anyway, and keeps a copy of the current file',
  ),
  refusal(
    'LOCKED',
    'Another orcc is changing files',
    'a lock that another process holds',
    'two changes at the same time would corrupt each other',
    'run the command again when the other one is done; the message names the lock',
  ),
  refusal(
    'RECEIPT_FOREIGN',
    'A record of a change that orcc did not make',
    'a receipt in the history names a file that belongs to neither the state nor a target',
    'restoring files from it could overwrite or delete files that orcc never touched',
    'check the folder in the message, and move it away if orcc did not create it',
  ),
  refusal(
    'CONFIG_BROKEN',
    "One of orcc's own files is broken",
    'a file of orcc that does not parse, or that a newer orcc wrote',
    "without it orcc can't know what it wrote, so it changes nothing",
    'fix the line in the message, or set up again with `orcc init`',
  ),
  refusal(
    'ORCC_TOO_OLD',
    'A shared file asks for a newer orcc',
    '`minimumVersion` in an `orcc.json` or a profile file',
    'the file may contain something this orcc does not understand',
    'update orcc: `npm install -g orcc@latest`',
  ),
  refusal(
    'NO_LOGIN',
    'A gateway without a login',
    "the base URL's `/auth/keys` does not answer like OpenRouter's",
    'the base URL is a gateway with its own keys',
    'get a key from whoever runs it, then run `orcc key set`',
  ),
  refusal(
    'LOGIN_REFUSED',
    'The login was refused',
    'the browser came back without a code, or OpenRouter did not accept it',
    'a code works once, within ten minutes, and only for the login that created it',
    'run `orcc login` again, or store a key with `orcc key set`',
  ),
  refusal(
    'LOGIN_TIMEOUT',
    'The browser login was not completed',
    'no code within the time limit (five minutes, or `--timeout`)',
    'the login was not finished in the browser, or the browser runs on another machine',
    'run `orcc login` again, or `orcc login --no-browser` if the browser is on another machine',
  ),
  refusal(
    'NO_KEYCHAIN',
    'No keychain to keep the key in',
    '`security` (macOS) or `secret-tool` (Linux) is missing, locked, or returns something else',
    "the key can't be kept in a keychain here",
    'choose another storage with `orcc key storage`: `file`, `helper`, `profile` or `env:NAME`',
  ),
] as const;
