import type { OpenApiDocument } from '../openapi/open-api-document.ts';
import { checkAnswersBy } from './documented-answers.ts';

/** What Fastify's `inject` resolves with, as far as it is looked at. */
export interface Injected {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Holds what `inject` resolves with against a document; throws where the document does not know it. */
export const expectDocumentedBy = (
  document: OpenApiDocument,
): ((request: { readonly method: string; readonly url: string }, answer: Injected) => void) => {
  const check = checkAnswersBy(document);
  return ({ method, url }, { statusCode, headers, body }) => {
    const problems = check({
      method,
      path: url,
      status: statusCode,
      header: (name) => headers[name.toLowerCase()]?.toString(),
      body: JSON.parse(body) as unknown,
    });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  };
};
