import { z } from "zod";
import { textSchema } from "@/lib/contract/city";
import type { WidgetDefinition } from "@/lib/contract/widget";

const schema = z.strictObject({
  src: z.string().regex(/^\/(?!\/)[\w./-]+$/, "must be a path on this site, such as /images/emblem.svg"),
  alt: textSchema,
  fit: z.enum(["contain", "cover"]).default("contain"),
});
export type ImageSettings = z.infer<typeof schema>;

/** A picture of this site; nothing is fetched from elsewhere. */
export const definition: WidgetDefinition<ImageSettings> = {
  type: "image",
  name: { zh: "图片", en: "Image" },
  schema,
  topics: () => [],
  title: () => null,
  sample: { src: "/images/skyline.svg", alt: { zh: "城市天际线", en: "Skyline" }, fit: "cover" },
  size: { w: 5, h: 3 },
};
