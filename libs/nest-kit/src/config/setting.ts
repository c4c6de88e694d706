import type { z } from 'zod';

/** One environment variable: its name, what it takes, what it is without being set, and what it is for. */
export interface Setting<Value = unknown> {
  readonly name: `HEARTH_${string}`;
  /** Reads the text of the variable; its issues say what was expected. Gets `undefined` where it is not set. */
  readonly schema: z.ZodType<Value>;
  /** The text that stands in for an unset variable, and stands in the settings table. */
  readonly default?: string;
  /** What it takes, in words: shown when a value is refused, and in the settings table. */
  readonly takes: string;
  readonly description: string;
  /** Never printed, not even in part. */
  readonly secret?: true;
}

/** Settings by the names that code knows them by. */
export type Settings = Readonly<Record<string, Setting>>;

/** The values of settings, by the same names. */
export type ConfigOf<S extends Settings> = {
  readonly [Key in keyof S]: S[Key] extends Setting<infer Value> ? Value : never;
};

/** The setting, but one the service cannot do without: unset, it is a problem. */
export const required = <Value>({
  default: _,
  ...setting
}: Setting<Value>): Setting<Exclude<Value, undefined>> => ({
  ...setting,
  schema: setting.schema.refine((value) => value !== undefined, 'is not set') as z.ZodType<
    Exclude<Value, undefined>
  >,
});

/** The setting with another default, for a service that wants one. */
export const withDefault = <Value>(
  setting: Setting<Value>,
  text: string,
): Setting<Exclude<Value, undefined>> => ({
  ...(setting as Setting<Exclude<Value, undefined>>),
  default: text,
});
