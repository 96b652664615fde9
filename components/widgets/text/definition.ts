import { z } from "zod";
import { textSchema } from "@/lib/contract/city";
import type { WidgetDefinition } from "@/lib/contract/widget";

const schema = z.strictObject({
  text: textSchema,
  size: z.enum(["small", "normal", "large"]).default("normal"),
  align: z.enum(["left", "center"]).default("left"),
});
export type TextSettings = z.infer<typeof schema>;

/** Words that do not change; line breaks are kept. */
export const definition: WidgetDefinition<TextSettings> = {
  type: "text",
  name: { zh: "文字", en: "Text" },
  schema,
  topics: () => [],
  title: () => null,
  sample: {
    text: { zh: "让数据多跑路\n让群众少跑腿", en: "Let the data travel,\nnot the people" },
    size: "large",
    align: "left",
  },
  size: { w: 5, h: 2 },
};
