/** One HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * Reads the answers of one keep-alive connection on which a single request is outstanding at a time, so that whatever
 * arrives belongs to the same answer. It reads what the servers of this benchmark send and no more than that: a general
 * client would cost more than some of the servers it measures.
 */
export const responseReader = (): ((chunk: Buffer) => Answer | undefined) => {
  let pending: Buffer | undefined;
  return (chunk) => {
    const bytes = pending ? Buffer.concat([pending, chunk]) : chunk;
    const answer = wholeAnswer(bytes);
    pending = answer ? undefined : bytes;
    return answer;
  };
};

const wholeAnswer = (bytes: Buffer): Answer | undefined => {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const bodyStart = headEnd + HEAD_END.length;

  const length = /\r\ncontent-length: *(\d+)/i.exec(head);
  if (length) {
    const bodyEnd = bodyStart + Number(length[1]);
    return bytes.length < bodyEnd ? undefined : { status, body: bytes.subarray(bodyStart, bodyEnd) };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head))
    throw new Error(`an answer tells neither its length nor that it comes in chunks:\n${head}`);
  // No answer here has trailers, and JSON escapes line ends: these bytes at the end are the last chunk and nothing else.
  return bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
    ? { status, body: joinedChunks(bytes.subarray(bodyStart)) }
    : undefined;
};

const joinedChunks = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
};
