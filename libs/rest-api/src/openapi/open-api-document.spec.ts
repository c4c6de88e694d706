import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { Endpoint } from '../domain/endpoint.ts';
import { FatalReply } from './envelopes.ts';
import { openApiDocument } from './open-api-document.ts';
import { responses } from './shared-answers.ts';

const Alias = z.object({ name: z.string() }).meta({ id: 'Alias' });

const write: Endpoint = {
  method: 'POST',
  path: '/things/new',
  permission: 'users.track',
  kind: 'write',
  summary: 'Make a thing',
  body: z.object({ aliases: z.array(Alias).max(50) }),
  responses: { 201: z.object({ message: z.literal('success'), made: Alias }), 400: FatalReply },
  examples: [
    {
      name: 'One',
      request: { aliases: [{ name: 'a' }] },
      status: 201,
      response: { message: 'success', made: { name: 'a' } },
    },
  ],
};

const read: Endpoint = {
  method: 'GET',
  path: '/v2/things/list',
  permission: 'events.list',
  kind: 'read',
  summary: 'List things',
  query: z.object({ page: z.string().optional().describe('From 0.'), of: z.string() }),
  responses: { 200: z.object({ message: z.literal('success'), things: z.array(Alias) }) },
};

describe('the OpenAPI document', () => {
  const document = openApiDocument([write, read]);
  const operations = {
    write: document.paths!['/things/new']!.post!,
    read: document.paths!['/v2/things/list']!.get!,
  };

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has an operation for each endpoint, with its permission', () => {
    expect(operations.write).toMatchObject({
      operationId: 'postThingsNew',
      summary: 'Make a thing',
      description: expect.stringContaining('`users.track`'),
      tags: ['things'],
    });
    expect(operations.read).toMatchObject({ operationId: 'getV2ThingsList', tags: ['things'] });
    expect(operations.read).not.toHaveProperty('requestBody');
    expect(document.security).toEqual([{ apiKey: [] }]);
  });

  it('names a schema once, wherever it is used', () => {
    expect(Object.keys(document.components.schemas!)).toEqual([
      'Alias',
      'EntryError',
      'FatalReply',
      'InvalidJsonReply',
      'MessageReply',
      'NoAnswerReply',
    ]);
    expect(JSON.stringify(document.paths)).toContain('{"$ref":"#/components/schemas/Alias"}');
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('lists query parameters with what is required of them', () => {
    expect(operations.read.parameters).toMatchObject([
      { name: 'page', in: 'query', required: false, description: 'From 0.' },
      { name: 'of', in: 'query', required: true },
      { $ref: '#/components/parameters/CorrelationId' },
    ]);
  });

  it('lists what every endpoint may answer, beside its own answers', () => {
    expect(Object.keys(operations.write.responses!)).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '410',
      '413',
      '415',
      '429',
      '503',
      '504',
    ]);
    expect(Object.keys(operations.read.responses!)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '429',
      '503',
      '504',
    ]);
    expect(operations.write.responses!['201']).toMatchObject({
      headers: {
        'X-Correlation-Id': { $ref: '#/components/headers/X-Correlation-Id' },
        'X-RateLimit-Remaining': { $ref: '#/components/headers/X-RateLimit-Remaining' },
        'X-Hearth-Position': { $ref: '#/components/headers/X-Hearth-Position' },
      },
    });
  });

  it('promises the headers of limits for endpoints alone', () => {
    const { NotFound, Forbidden } = responses;
    expect(Object.keys(NotFound!.headers!)).toEqual(['X-Correlation-Id']);
    expect(Object.keys(Forbidden!.headers!)).toContain('X-RateLimit-Limit');
  });

  it('shows examples with request and answer', () => {
    expect(operations.write.requestBody).toMatchObject({
      content: { 'application/json': { examples: { One: { value: { aliases: [{ name: 'a' }] } } } } },
    });
    expect(operations.write.responses!['201']).toMatchObject({
      content: { 'application/json': { examples: { One: { value: { message: 'success' } } } } },
    });
  });

  it('cannot be made where two schemas share a name', () => {
    const other = { ...read, query: z.object({ a: z.object({ other: z.int() }).meta({ id: 'Thing' }) }) };
    const one = { ...write, body: z.object({ a: z.object({ one: z.int() }).meta({ id: 'Thing' }) }) };
    expect(() => openApiDocument([one, other])).toThrow(/Thing/);
  });
});
