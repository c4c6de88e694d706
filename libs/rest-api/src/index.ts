export type { ApiKeyRegistry } from './application/api-key-registry.ts';
export type { Endpoint, EndpointExample } from './domain/endpoint.ts';
export {
  openApiAccess,
  type ApiAccess,
  type ApiAccessBackends,
  type ApiAccessSettings,
} from './nest/open-api-access.ts';
export { readInput } from './nest/read-input.ts';
export { endpointOf, ServeEndpoint } from './nest/serve-endpoint.ts';
