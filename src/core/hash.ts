/**
 * The SHA-256 of text (as UTF-8) or bytes. node:crypto is loaded at the first call, since most runs hash nothing
 * and loading it takes two milliseconds, a tenth of Node's own start-up time.
 */
export function sha256(data: string | Uint8Array, encoding: 'hex' | 'base64url' = 'hex'): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(data).digest(encoding);
}
