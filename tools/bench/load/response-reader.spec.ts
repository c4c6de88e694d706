import { describe, expect, it } from 'vitest';
import { responseReader } from './response-reader.ts';

const sized = 'HTTP/1.1 201 Created\r\nContent-Length: 16\r\nDate: now\r\n\r\n{"message":"ok"}';
const chunked =
  'HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n';

describe('responseReader', () => {
  it('reads an answer that comes in one piece', () => {
    const answer = responseReader()(Buffer.from(sized));
    expect(answer?.status).toBe(201);
    expect(answer?.body.toString()).toBe('{"message":"ok"}');
  });

  it.each([
    ['with a length', sized, '{"message":"ok"}'],
    ['in chunks', chunked, '{"a":1}'],
  ])('reads an answer %s byte by byte, and only answers at its end', (_name, text, body) => {
    const take = responseReader();
    const bytes = Buffer.from(text);
    const answers = Array.from(bytes, (_byte, at) => take(bytes.subarray(at, at + 1)));
    expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
    expect(answers.at(-1)?.body.toString()).toBe(body);
  });

  it('reads one answer after the other', () => {
    const take = responseReader();
    expect(take(Buffer.from(chunked))?.status).toBe(503);
    expect(take(Buffer.from(sized))?.status).toBe(201);
  });

  it('refuses an answer whose end it could not know', () => {
    expect(() => responseReader()(Buffer.from('HTTP/1.1 201 Created\r\n\r\n'))).toThrow(/neither/);
  });
});
