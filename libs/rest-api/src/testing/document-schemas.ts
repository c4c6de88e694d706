// oxlint-disable-next-line no-restricted-imports -- where ajv has its reader of JSON Schema 2020-12
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import type { OpenApiDocument } from '../openapi/open-api-document.ts';

/** A document whose schemas can be asked. */
export interface DocumentSchemas {
  /** The operation at a path, with or without a query string; undefined where the document has none. */
  readonly operation: (method: string, path: string) => object | undefined;
  /** What a reference leads to; anything else as it is. */
  readonly resolve: <T>(value: object) => T;
  /** How a value breaks a schema of the document, in a line; nothing where it fits. */
  readonly problemsOf: (schema: object, value: unknown) => string[];
}

const AT = 'urn:hearth:document';
const LONGEST_SHOWN = 2_000;

/** What the words under `format` mean. */
export type Formats = Readonly<Record<string, (text: string) => boolean>>;

/** Makes the schemas of a document usable. Where `formats` is missing, formats are words for readers and are not checked. */
export const documentSchemas = (document: OpenApiDocument, formats?: Formats): DocumentSchemas => {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    validateFormats: formats !== undefined,
    ...(formats && { formats: { ...formats } }),
  });
  ajv.addSchema(document, AT);
  const validators = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const validate = validators.get(schema) ?? ajv.compile(rooted(schema));
    validators.set(schema, validate);
    return validate;
  };
  return {
    operation: (method, path) =>
      (document.paths?.[path.split('?')[0]!] as Record<string, object> | undefined)?.[method.toLowerCase()],
    resolve: <T>(value: object) => {
      const { $ref } = value as { readonly $ref?: string };
      const steps = $ref?.slice('#/'.length).split('/') ?? [];
      return steps.reduce<unknown>(
        (part, key) => (part as Record<string, unknown>)[key],
        $ref ? document : value,
      ) as T;
    },
    problemsOf: (schema, value) => {
      const validate = validatorOf(schema);
      if (validate(value)) return [];
      return [`${ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, LONGEST_SHOWN)}`];
    },
  };
};

/** References of a schema that stands by itself lead to the document it was taken from. */
const rooted = (schema: object): object =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' && value.startsWith('#') ? AT + value : value,
  ) as object;
