/** What the name of a secret ends with: `GITHUB_TOKEN`, `db.password`, `CI_PASSPHRASE`. */
const WORDS =
  '(?:API|AUTH|ACCESS|PRIVATE|SECRET|SIGNING|REFRESH|BEARER)?(?:TOKEN|KEY)|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PASSCODE|(?:DB)?PASS|CREDENTIALS?|CREDS|COOKIES?|SESSION|PRIVATE|BEARER|AUTH|AUTHORIZATION|JWT|HEADERS|(?<=[A-Z0-9][_.-]?)(?<!OLD)PWD|(?<=[_.-])PAT';

/** Suffixes that may follow: `SECRET_KEY_BASE`, `API_KEY_2`, `TOKEN_PROD`. */
const FURTHER = '(?:[_.-](?:\\d+|PROD|PRODUCTION|STAGING|DEV|TEST|LIVE|BASE|BASE64|B64|HEX|VALUE|OLD|NEW|HASH|PRIMARY|SECONDARY))*';

/** The same words for names in `camelCase`. */
const CAMEL =
  'Token|Key|Secret|Password|Passwd|Passphrase|Passcode|Credentials?|Cookies?|Session|Private|Bearer|Auth|Authorization|Jwt|Headers';

const NAME = `(?<![A-Za-z0-9])(?:[A-Za-z0-9]+[_.-]){0,12}(?:${WORDS})${FURTHER}|\\bAWS_[A-Z0-9_]+`;

const IN_CAMEL = `(?<=[a-z0-9])(?:${CAMEL})(?![a-z])`;

const WHOLE = new RegExp(`^_*(?:${NAME})$`, 'i');
const WHOLE_CAMEL = new RegExp(`${IN_CAMEL}$`);

/** Whether a variable or member with this name holds a secret, whether orcc knows the name or not. */
export function isSecretName(name: string): boolean {
  return WHOLE.test(name) || WHOLE_CAMEL.test(name);
}

/** What follows such a name in a text: `=`, `:` or a blank (fish, PowerShell), and the value. */
const VALUE = `["']?(?:\\s*[:=]\\s*|\\s+(?=["']?\\S)))("(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s"',;]+)`;
const NAMED = [new RegExp(`((?:${NAME})${VALUE}`, 'gi'), new RegExp(`(${IN_CAMEL}${VALUE}`, 'g')];

/** Replaces the value after each secret's name in a text. `change` gets the value without quotes; the quotes are kept. */
export function replaceNamed(text: string, change: (bare: string) => string): string {
  return NAMED.reduce(
    (rest, pattern) =>
      rest.replace(pattern, (_whole, before: string, value: string) => {
        const quote = /^["']/.exec(value)?.[0] ?? '';
        return `${before}${quote}${change(quote === '' ? value : value.slice(1, -1))}${quote}`;
      }),
    text,
  );
}

/** Keys that a known vendor's format gives away, whatever name they go by. */
export const SECRET_SHAPE =
  /\b(?:sk-(?:or|ant)-[A-Za-z0-9_-]{10,}|sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[A-Za-z0-9_-]{20,}|ya29\.[A-Za-z0-9_-]{16,}|glpat-[A-Za-z0-9_-]{20,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|(?:gsk|hf|npm)_[A-Za-z0-9]{20,}|xai-[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)/g;
