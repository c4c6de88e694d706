import type { OpenAPIV3_1 } from 'openapi-types';

import type { OpenApiDocument } from '../openapi/open-api-document.ts';
import { documentSchemas } from './document-schemas.ts';

/** The input of a request: its body, or its query string as an object. */
export interface RequestInput {
  readonly method: string;
  readonly path: string;
  readonly input: unknown;
}

/** Holds inputs against a document: in a line each what it does not allow. */
export const checkRequestsBy = (document: OpenApiDocument): ((request: RequestInput) => string[]) => {
  const { operation, problemsOf } = documentSchemas(document);
  return ({ method, path, input }) => {
    const documented = operation(method, path) as OpenAPIV3_1.OperationObject | undefined;
    if (documented === undefined) return [`${method} ${path}: the document lacks this path`];
    const { parameters = [], requestBody } = documented;
    if (requestBody !== undefined) {
      const { content } = requestBody as OpenAPIV3_1.RequestBodyObject;
      return problemsOf(content['application/json']!.schema!, input);
    }
    const query = parameters.filter(
      (parameter): parameter is OpenAPIV3_1.ParameterObject => 'in' in parameter && parameter.in === 'query',
    );
    const required = query.filter((parameter) => parameter.required).map(({ name }) => name);
    const properties = Object.fromEntries(query.map(({ name, schema }) => [name, schema ?? {}]));
    return problemsOf({ type: 'object', properties, required, additionalProperties: false }, input);
  };
};
