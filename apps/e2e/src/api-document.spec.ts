import { Validator } from '@seriousme/openapi-schema-validator';
import { checkRequestsBy } from '@hearth/rest-api/testing';
import { describe, expect, it } from 'vitest';

import { checkAnswer, document, endpoints } from './testing/api-document.ts';

const checkRequest = checkRequestsBy(document);

const examples = endpoints.flatMap(({ method, path, examples: shown = [] }) =>
  shown.map((example) => ({ method, path, ...example })),
);

describe('the document of all services', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  });

  it('has each endpoint once', () => {
    const routes = endpoints.map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(routes)]).toEqual(routes);
  });

  it.each(endpoints)('shows an example of $method $path', ({ examples: shown = [] }) => {
    expect(shown.length).toBeGreaterThan(0);
  });

  it.each(examples)(
    '$method $path, “$name”: fits its schemas',
    ({ method, path, request, status, response }) => {
      const refusesPart = status >= 400 || 'errors' in (response as object);
      if (!refusesPart) expect(checkRequest({ method, path, input: request })).toEqual([]);
      const headers: Record<string, string> = { 'content-type': 'application/json', 'x-correlation-id': 'c' };
      const header = (name: string): string | undefined => headers[name.toLowerCase()];
      expect(checkAnswer({ method, path, status, header, body: response })).toEqual([]);
    },
  );
});
