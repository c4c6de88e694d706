import type { ErrorReply } from '@hearth/nest-kit';

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error && error.code !== undefined ? error.code : undefined;

/** The connection was never made, so the service has not seen the request. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * What a caller is told when a service does not answer. 503 invites a retry, so it is for requests that cannot have had
 * an effect: those that never left, and those that only read. Any other may have been stored.
 */
export const upstreamErrorReply = (error: Error, method: string): ErrorReply => {
  const codes = [codeOf(error), codeOf(error.cause)];
  if (method === 'GET' || method === 'HEAD' || codes.some((code) => neverSent.has(String(code))))
    return { status: 503, body: { message: 'Service Unavailable' }, headers: { 'Retry-After': '1' } };
  return {
    status: 504,
    body: {
      message: 'No answer in time: the request may have been stored. Look before you send it again.',
    },
  };
};
