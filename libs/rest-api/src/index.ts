export { POSITION_HEADER, type Endpoint, type EndpointExample } from './domain/endpoint.ts';
export { apiKeyEndpoints } from './nest/api-keys.endpoints.ts';
export {
  openApiAccess,
  type ApiAccess,
  type ApiAccessBackends,
  type ApiAccessSettings,
} from './nest/open-api-access.ts';
export { addBodyLimits } from './nest/body-limits.ts';
export { rateLimitsController } from './nest/rate-limits.controller.ts';
export { readInput, readQuery } from './nest/read-input.ts';
export { addEndpoint, endpointOf, ServeEndpoint } from './nest/serve-endpoint.ts';
export { EntryError, FatalReply, InvalidJsonReply, MessageReply } from './openapi/envelopes.ts';
export { openApiDocument, type OpenApiDocument } from './openapi/open-api-document.ts';
export { serveOpenApi } from './openapi/serve-open-api.ts';
