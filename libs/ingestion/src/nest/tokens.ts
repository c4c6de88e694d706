export const INGESTION = Symbol('ingestion');
/** Makes the context of a request that comes in now. */
export const REQUEST_CONTEXT = Symbol('request context');
