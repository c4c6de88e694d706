export type { Endpoint, EndpointExample } from './domain/endpoint.ts';
export { endpointOf, ServeEndpoint } from './nest/serve-endpoint.ts';
