import * as fs from 'node:fs';
import path from 'node:path';
import type { Box } from './box.ts';

export interface FakeKeychain {
  /** What makes `secret-tool` found and a session seem there. */
  readonly env: Readonly<Record<string, string>>;
  /** Accounts and what is stored for each. */
  items(): Record<string, string>;
  /** From now on it behaves like a locked one. */
  lock(): void;
}

const SCRIPT = `#!/bin/bash
store="$(dirname "$0")/keychain"
[ -e "$store/locked" ] && { echo 'secret-tool: Cannot create an item in a locked collection' >&2; exit 1; }
case "$1" in
  store) IFS= read -r -d '' value; printf %s "$value" >"$store/item-\${*: -1}" ;;
  lookup) [ -e "$store/item-$5" ] && cat "$store/item-$5" ;;
  clear) [ -e "$store/item-$5" ] && rm "$store/item-$5" ;;
esac
`;

/** A \`secret-tool\` on the box's PATH that keeps secrets in a folder beside it, which \`box.holding\` does not look at. */
export function addFakeKeychain(box: Box): FakeKeychain {
  const programs = box.env['PATH'] ?? '';
  const store = path.join(programs, 'keychain');
  fs.mkdirSync(store);
  fs.writeFileSync(path.join(programs, 'secret-tool'), SCRIPT, { mode: 0o755 });
  for (const name of ['dirname', 'rm'])
    if (fs.existsSync(`/usr/bin/${name}`)) fs.symlinkSync(`/usr/bin/${name}`, path.join(programs, name));
  return {
    env: { XDG_RUNTIME_DIR: '/nonexistent' },
    items: () =>
      Object.fromEntries(
        fs
          .readdirSync(store)
          .filter((name) => name.startsWith('item-'))
          .map((name) => [name.slice(5), fs.readFileSync(path.join(store, name), 'utf8')]),
      ),
    lock: () => fs.writeFileSync(path.join(store, 'locked'), ''),
  };
}
