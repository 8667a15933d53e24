/** A name whose last word says that its value is a secret, or one of AWS's; with `=`, `:` or a blank (fish, PowerShell) before the value. */
const NAMED =
  /((?:\b(?:[A-Za-z0-9]+[_.-])*(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?)|[a-z](?:Token|Key|Secret|Password|Credentials?)|\bAWS_[A-Z0-9_]+)["']?(?:\s*[:=]\s*|\s+(?=["']?\S)))("[^"]*"|'[^']*'|[^\s"',;]+)/gi;

/** What looks like a vendor's key, whatever it is called. */
const SHAPED =
  /\b(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[A-Za-z0-9_-]{20,}|glpat-[A-Za-z0-9_-]{20,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|(?:gsk|hf|npm)_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)/g;

/** A settings member whose command gives a credential; what it prints may stand in it. */
const HELPER = /("\w*(?:Helper|AuthRefresh|CredentialExport)"\s*:\s*")((?:[^"\\]|\\.)*)/g;
const PRINTS = /\b(echo|printf|print|Write-(?:Output|Host)|cat\s*<<<?)(?=\s|\\|$).*$/;

/**
 * A line of a user's file as a diff may show it: other people's secrets hidden. References (`$NAME`, `${…}`, `$(…)`), empty values
 * and what is masked already stay.
 */
export function maskLine(line: string): string {
  return line
    .replace(HELPER, (_whole, before: string, command: string) => before + command.replace(PRINTS, '$1 (hidden)'))
    .replace(NAMED, (whole: string, before: string, value: string) => {
      const quote = /^["']/.exec(value)?.[0] ?? '';
      const bare = quote === '' ? value : value.slice(1, -1);
      // A redirection or a bracket after a name is the shell's, no value.
      const isOpen =
        bare === '' ||
        /^[<>|&\])}]/.test(value) ||
        bare.startsWith('$') ||
        bare.startsWith('(hidden') ||
        /^sk-\S{3,12}\.\.\.\S{4}$/.test(bare);
      return isOpen ? whole : `${before}${quote}(hidden)${quote}`;
    })
    .replace(SHAPED, (found, at: number, all: string) => (all.startsWith('...', at + found.length) ? found : '(hidden)'));
}
