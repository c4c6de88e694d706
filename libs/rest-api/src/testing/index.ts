export { documentSchemas, type DocumentSchemas, type Formats } from './document-schemas.ts';
export { checkAnswersBy, type CheckAnswer, type SeenAnswer } from './documented-answers.ts';
export { expectDocumentedBy, type Injected } from './documented-injections.ts';
export { checkRequestsBy, type RequestInput } from './documented-requests.ts';
export * from './api.ts';
export * from './counting-owner.ts';
