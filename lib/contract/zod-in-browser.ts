/**
 * What browsers get for `zod` (next.config.js): zod's own small edition with the methods that our schemas are written
 * with. It checks the same and defaults the same; what it leaves out is words for faults, which only gateway and
 * commands tell, and JSON Schema. The whole of zod is 30 KB packed in every page's first script, this is a third of it.
 */
import * as mini from "zod/mini";

type Made = mini.ZodMiniType & Record<string, unknown>;
type Bound = (value: number) => mini.core.$ZodCheck<never>;

const isNumber = (schema: Made): boolean => schema.def.type === "number";

/** A schema with the methods; each gives a schema that has them as well. */
function withMethods(schema: mini.ZodMiniType): Made {
  const made = schema as Made;
  const checked = (...checks: unknown[]): Made => withMethods(made.check(...(checks as never[])));
  const bounded = (number: unknown, length: unknown) => (value: number) =>
    checked(((isNumber(made) ? number : length) as Bound)(value));
  return Object.assign(made, {
    min: bounded(mini.minimum, mini.minLength),
    max: bounded(mini.maximum, mini.maxLength),
    positive: () => checked(mini.positive()),
    regex: (pattern: RegExp) => checked(mini.regex(pattern)),
    refine: (fits: (value: unknown) => boolean) => checked(mini.refine(fits)),
    optional: () => withMethods(mini.optional(made)),
    default: (value: unknown) => withMethods(mini._default(made, value as never)),
    describe: () => made,
    strict: () => withMethods(mini.catchall(made as never, mini.never())),
    extend: (shape: mini.core.$ZodShape) => withMethods(mini.extend(made as never, shape as never)),
  });
}

/** Makers whose schemas get the methods. */
const makers = {
  strictObject: mini.strictObject,
  string: mini.string,
  number: mini.number,
  int: mini.int,
  boolean: mini.boolean,
  array: mini.array,
  tuple: mini.tuple,
  record: mini.record,
  enum: mini.enum,
  literal: mini.literal,
  union: mini.union,
  discriminatedUnion: mini.discriminatedUnion,
  unknown: mini.unknown,
};

type Maker = (...args: never[]) => mini.ZodMiniType;

const maker =
  (make: Maker) =>
  (...args: never[]): Made =>
    withMethods(make(...args));

export const z = {
  ...Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, maker(make as Maker)])),
  iso: { date: maker(mini.iso.date) },
};
