import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { OpenAPIV3 } from 'openapi-types';

import type { OpenApiDocument } from './open-api-document.ts';

/** Nothing is fetched from anywhere else, and nobody may frame the page. Images: icons inside of the style sheet. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Serves a document at `/openapi.json`, and as a page for people at `/docs`. The page is Swagger UI as Fastify's own plugin
 * ships it: MIT, 3 MB on disk, files and all, so that it works without any other server.
 */
export const serveOpenApi = (instance: FastifyInstance, document: OpenApiDocument): void => {
  const text = JSON.stringify(document);
  instance.get('/openapi.json', (_request, reply) => {
    void reply.header('Content-Type', 'application/json; charset=utf-8').send(text);
  });
  // The plugin hands the document on as it is; its types stop at OpenAPI 3.0.
  const specification = { document: document as unknown as OpenAPIV3.Document };
  void instance.register(swagger, { mode: 'static', specification });
  void instance.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: { title: document.info.title },
    uiConfig: { layout: 'BaseLayout', defaultModelsExpandDepth: 0, displayRequestDuration: true },
  });
};
