/**
 * The SHA-256 of text (as UTF-8) or bytes. node:crypto takes two milliseconds to load, which is a tenth of what Node itself
 * takes to start, and most runs hash nothing: so it is loaded here, at the first call.
 */
export function sha256(data: string | Uint8Array, encoding: 'hex' | 'base64url' = 'hex'): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(data).digest(encoding);
}
