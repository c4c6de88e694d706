import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { OpenAPIV3 } from 'openapi-types';

import type { OpenApiDocument } from './open-api-document.ts';

const TITLE = 'Hearth';

/** Nothing is fetched from anywhere else, and nobody may frame the page. Images: icons inside of the style sheet. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Serves a document at `/openapi.json`, and as a page for people at `/docs`. The page is Swagger UI as Fastify's own plugin
 * ships it: MIT, 3 MB on disk, files and all, so that it works without any other server.
 *
 * @param make is called once somebody asks: a start does not wait for it.
 */
export const serveOpenApi = (instance: FastifyInstance, make: () => OpenApiDocument): void => {
  let made: OpenApiDocument | undefined;
  const document = (): OpenApiDocument => (made ??= make());
  instance.get('/openapi.json', () => document());
  const placeholder: OpenAPIV3.Document = {
    openapi: '3.1.0',
    info: { title: TITLE, version: '' },
    paths: {},
  };
  void instance.register(swagger, { mode: 'static', specification: { document: placeholder } });
  void instance.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: { title: TITLE },
    // The plugin hands the document on as it is; its types stop at OpenAPI 3.0.
    transformSpecification: () => document() as unknown as OpenAPIV3.Document,
    transformSpecificationClone: false,
    uiConfig: { layout: 'BaseLayout', defaultModelsExpandDepth: 0, displayRequestDuration: true },
  });
};
