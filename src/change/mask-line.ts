import { replaceNamed, SECRET_SHAPE } from '../text/secret-names.ts';

/** A settings member whose command gives a credential; what it prints may stand in it. */
const HELPER = /("\w*(?:Helper|AuthRefresh|CredentialExport)"\s*:\s*")((?:[^"\\]|\\.)*)/g;
const PRINTS = /\b(echo|printf|print|Write-(?:Output|Host)|cat\s*<<<?)(?=\s|\\|$).*$/;

/**
 * A line of a user's file as a diff may show it: other people's secrets hidden. References (`$NAME`, `${…}`, `$(…)`), empty values
 * and what is masked already stay.
 */
export function maskLine(line: string): string {
  const open = line.replace(HELPER, (_whole, before: string, command: string) => before + command.replace(PRINTS, '$1 (hidden)'));
  return replaceNamed(open, (bare) => (isOpen(bare) ? bare : '(hidden)')).replace(SECRET_SHAPE, (found, at: number, all: string) =>
    all.startsWith('...', at + found.length) ? found : '(hidden)',
  );
}

/** Empty, a switch, a reference, masked already, or (a redirection or a bracket after a name) the shell's and no value. */
function isOpen(bare: string): boolean {
  return (
    /^(?:[01]|true|false)?$/i.test(bare) ||
    /^[<>|&\])}$]/.test(bare) ||
    bare.startsWith('(hidden') ||
    /^(?:sk-\S{3,12})?\.\.\.\S{4}$/.test(bare)
  );
}
