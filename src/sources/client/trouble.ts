/** Errors of connections in the words of a person: never a code, never what the other side sent. */

/** Codes of Node and libuv (errno(3)); what is not here is named by its code. */
const SAID: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no such socket',
  ENOTSOCK: 'not a socket',
  EPROTOTYPE: 'not a socket of this kind',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed without an answer',
  EPIPE: 'connection closed without an answer',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'no address of this machine',
  ENAMETOOLONG: 'the path of the socket is too long',
  EMFILE: 'gtop has too many files open',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are longer than 16 KiB',
};

/** What went wrong with a connection. */
export function sayTrouble(error: unknown): string {
  // A name with several addresses fails with one error for each of them.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = (first as NodeJS.ErrnoException | null)?.code ?? '';
  if (Object.hasOwn(SAID, code)) return SAID[code] ?? code;
  if (code.startsWith('HPE_')) return 'the answer is not HTTP';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') return 'the answer is not TLS';
  return code === '' ? 'the connection failed' : `the connection failed (${code})`;
}
