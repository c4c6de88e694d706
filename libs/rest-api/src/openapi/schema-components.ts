import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';

type SchemaObject = OpenAPIV3_1.SchemaObject;

/** Turns zod schemas into JSON Schema 2020-12; those with an id in their metadata stand once, among the components. */
export interface SchemaComponents {
  convert(schema: z.ZodType): SchemaObject;
  /** The named schemas that were met so far, by their ids. */
  all(): Record<string, SchemaObject>;
}

const LOCAL = '#/$defs/';
const SHARED = '#/components/schemas/';

/** Collects the named schemas of one document. Throws where two different schemas have the same id. */
export const schemaComponents = (): SchemaComponents => {
  const components = new Map<string, SchemaObject>();
  return {
    convert(schema) {
      const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(schema, { io: 'input' });
      for (const [id, definition] of Object.entries($defs)) {
        const [component, known] = [shared(definition), components.get(id)];
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component))
          throw new Error(`Two schemas have the id ${id}: give one of them another`);
        components.set(id, component);
      }
      return shared(root);
    },
    all: () => Object.fromEntries([...components].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
};

/** The same schema with its references led to the document's components. */
const shared = (schema: object): SchemaObject =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(LOCAL)
      ? SHARED + value.slice(LOCAL.length)
      : value,
  ) as SchemaObject;
