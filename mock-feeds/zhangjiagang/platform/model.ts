import { fixed, portions, type DayCount, type SystemModel } from "../../kit/model";

const AI_CALLS: DayCount = { kind: "day", metric: "ai-calls-today", interval: 5, daily: 86_000, rhythm: "daily" };

/** 城市数字平台 */
export const model: SystemModel = {
  id: "platform",
  basis:
    "Published: 12+ AI abilities, data for 53 applications of 31 units, 15 industry services, 70+ systems on " +
    "single sign-on. Calls a day are assumed.",
  metrics: [
    fixed("ai-abilities", 12),
    AI_CALLS,
    { kind: "gauge", metric: "iot-devices", interval: 10, low: 41_200, high: 41_460, rhythm: "machine", noise: 0.003 },
    {
      kind: "gauge",
      metric: "video-streams",
      interval: 10,
      low: 12_850,
      high: 12_930,
      rhythm: "machine",
      noise: 0.003,
    },
    { kind: "day", metric: "messages-today", interval: 10, daily: 38_500, rhythm: "office", weekend: 0.6 },
    { kind: "day", metric: "space-time-today", interval: 10, daily: 214_000, rhythm: "daily" },
    { kind: "day", metric: "big-data-jobs-today", interval: 10, daily: 2_860, rhythm: "machine" },
    fixed("data-units", 31),
    fixed("data-applications", 53),
    fixed("industry-services", 15),
    fixed("sso-systems", 72),
    {
      kind: "day",
      metric: "sso-logins-today",
      interval: 10,
      daily: 9_800,
      rhythm: "office",
      weekend: 0.25,
      holiday: 0.15,
    },
    ...portions(AI_CALLS, 10, {
      "ai-parking": 165,
      "ai-vendor": 114,
      "ai-fire": 36,
      "ai-crowd": 74,
      "ai-plate": 249,
      "ai-garbage": 55,
      "ai-water": 22,
      "ai-helmet": 60,
      "ai-dust": 30,
      "ai-speech": 44,
      "ai-ocr": 100,
      "ai-dispatch": 51,
    }),
  ],
};
