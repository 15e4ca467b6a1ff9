/**
 * System errors in words of our own: the system's name the host or quote the address, and an address may be a secret.
 */
const SAID: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed by the receiver',
  EPIPE: 'connection closed by the receiver',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the name server does not answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the host',
  ETIMEDOUT: 'no answer in time',
  EDNS: 'the host name is not known',
  EPROTO: 'no TLS is spoken there, or another version of it',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS is spoken there, or another version of it',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed (name it as ca_file to trust it)',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an unknown authority (name it as ca_file to trust it)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes from an unknown authority (name it as ca_file to trust it)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes from an unknown authority (name it as ca_file to trust it)',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
  HPE_INVALID_CONSTANT: 'no HTTP is spoken there',
  HPE_INVALID_HEADER_TOKEN: 'the answer is not HTTP',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too large',
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EMFILE: 'too many open files',
};

/** What went wrong, without any of the error's own words. */
export function sayError(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (code === undefined) continue;
    // A code is a constant of Node or OpenSSL; anything else might quote.
    return SAID[code] ?? (/^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : 'failed');
  }
  return 'failed';
}
