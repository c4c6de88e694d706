import { Agent, request } from 'node:http';

import type { FuzzRequest } from './requests.ts';

/** What a socket brought back. */
export interface FuzzAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: unknown;
}

/** A way to a server over connections that are kept open; not `fetch`, which sends only what is proper. */
export const sender = (url: string) => {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  const send = ({ method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> =>
    new Promise((resolve, reject) => {
      const sending = request(
        {
          agent,
          hostname,
          port,
          method,
          path,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const header = (name: string): string | undefined =>
              response.headers[name.toLowerCase()]?.toString();
            resolve({ status: response.statusCode!, header, body: parsed(text) });
          });
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
  return { send, close: () => agent.destroy() };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
