import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openApiDocument } from './open-api-document.ts';
import { serveOpenApi } from './serve-open-api.ts';

const document = openApiDocument([]);
let instance: FastifyInstance;
beforeAll(async () => {
  instance = fastify();
  serveOpenApi(instance, () => document);
  await instance.ready();
});
afterAll(() => instance.close());

describe('the served document', () => {
  it('is at /openapi.json', async () => {
    const answer = await instance.inject('/openapi.json');
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.json()).toEqual(document);
  });

  it('can be browsed at /docs, with files of its own alone', async () => {
    const page = await instance.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(3);
    for (const file of [...files, '/docs/json']) {
      expect(file).toMatch(/^\/docs\//);
      expect((await instance.inject(file)).statusCode).toBe(200);
    }
    expect((await instance.inject('/docs/json')).json()).toEqual(document);
  });
});
