import { z } from "zod";
import type { WidgetDefinition } from "@/lib/contract/widget";

const schema = z.strictObject({
  /** an HLS playlist, or an image that is fetched anew (snapshot) or streams by itself (MJPEG), of this site */
  src: z
    .string()
    .regex(/^\/(?!\/)[\w./?=&-]+$/, "must be a path on this site, such as /streams/gate.m3u8")
    .optional(),
  kind: z.enum(["hls", "image"]).default("hls"),
  /** seconds between two fetches of an image; 0 for one that streams by itself */
  refresh: z.number().min(0).max(3600).default(5),
});
export type VideoSettings = z.infer<typeof schema>;

/** A camera, if one is configured. */
export const definition: WidgetDefinition<VideoSettings> = {
  type: "video",
  name: { zh: "视频", en: "Video" },
  schema,
  topics: () => [],
  title: () => ({ zh: "视频监控", en: "Video" }),
  sample: { kind: "hls", refresh: 5 },
  size: { w: 5, h: 4 },
};
