import { ingestionEndpoints } from '@hearth/ingestion';
import { profilesEndpoints } from '@hearth/profiles';
import { openApiDocument, type Endpoint } from '@hearth/rest-api';
import { checkAnswersBy, type SeenAnswer } from '@hearth/rest-api/testing';

/** Every endpoint of every service. */
export const endpoints: readonly Endpoint[] = [...ingestionEndpoints, ...profilesEndpoints];

export const document = openApiDocument(endpoints);

/** How an answer breaks the document, in a line each. */
export const checkAnswer = checkAnswersBy(document);

/** An answer that the document does not know: a mistake of whichever of the two is wrong. */
export class UndocumentedAnswer extends Error {
  override readonly name = 'UndocumentedAnswer';
}

/** For calls that may find nobody: a connection that failed is no answer, an undocumented one is thrown on. */
export const unlessUndocumented = (error: unknown): undefined => {
  if (error instanceof UndocumentedAnswer) throw error;
};

/** Routes beside the API: what runs the process asks there. */
const BESIDE = /^\/(?:health|metrics|docs|openapi\.json)/;

/** Throws `UndocumentedAnswer` for an answer of the API that breaks the document. */
export const expectDocumented = (answer: SeenAnswer): void => {
  if (BESIDE.test(answer.path)) return;
  const problems = checkAnswer(answer);
  if (problems.length > 0) throw new UndocumentedAnswer(problems.join('\n'));
};
