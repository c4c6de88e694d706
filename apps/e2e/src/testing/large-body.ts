import { request } from 'node:http';

import { API_KEY } from './hearth-process.ts';

/** Announces a body and sends only its beginning: the server answers by its size, without waiting for the rest. */
export const statusOfLargeBody = (url: string, bytes: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
    const sending = request(url, { method: 'POST', headers: { ...headers, 'content-length': bytes } });
    sending.on('response', ({ statusCode }) => {
      resolve(statusCode);
      sending.destroy();
    });
    sending.on('error', reject);
    sending.write(`{"attributes":[{"external_id":"large","x":"${'x'.repeat(1_000)}`);
  });
