import { fixed, type SystemModel } from "../../kit/model";

/** 城市数字平台 */
export const model: SystemModel = {
  id: "platform",
  basis: "Published: 12+ AI abilities, data for 53 applications of 31 units, 15 industry services, 70+ systems on single sign-on. Calls a day are assumed.",
  metrics: [
    fixed("ai-abilities", 12),
    { kind: "day", metric: "ai-calls-today", interval: 5, daily: 86_000, rhythm: "daily" },
    { kind: "gauge", metric: "iot-devices", interval: 10, low: 41_200, high: 41_460, rhythm: "machine", noise: 0.003 },
    { kind: "gauge", metric: "video-streams", interval: 10, low: 12_850, high: 12_930, rhythm: "machine", noise: 0.003 },
    { kind: "day", metric: "messages-today", interval: 10, daily: 38_500, rhythm: "office", weekend: 0.6 },
    { kind: "day", metric: "space-time-today", interval: 10, daily: 214_000, rhythm: "daily" },
    { kind: "day", metric: "big-data-jobs-today", interval: 10, daily: 2_860, rhythm: "machine" },
    fixed("data-units", 31),
    fixed("data-applications", 53),
    fixed("industry-services", 15),
    fixed("sso-systems", 72),
    { kind: "day", metric: "sso-logins-today", interval: 10, daily: 9_800, rhythm: "office", weekend: 0.25, holiday: 0.15 },
    { kind: "day", metric: "ai-parking", interval: 10, daily: 14_200, rhythm: "daily" },
    { kind: "day", metric: "ai-vendor", interval: 10, daily: 9_800, rhythm: "daily" },
    { kind: "day", metric: "ai-fire", interval: 10, daily: 3_100, rhythm: "daily" },
    { kind: "day", metric: "ai-crowd", interval: 10, daily: 6_400, rhythm: "daily" },
    { kind: "day", metric: "ai-plate", interval: 10, daily: 21_300, rhythm: "daily" },
    { kind: "day", metric: "ai-garbage", interval: 10, daily: 4_700, rhythm: "daily" },
    { kind: "day", metric: "ai-water", interval: 10, daily: 1_900, rhythm: "daily" },
    { kind: "day", metric: "ai-helmet", interval: 10, daily: 5_200, rhythm: "daily" },
    { kind: "day", metric: "ai-dust", interval: 10, daily: 2_600, rhythm: "daily" },
    { kind: "day", metric: "ai-speech", interval: 10, daily: 3_800, rhythm: "daily" },
    { kind: "day", metric: "ai-ocr", interval: 10, daily: 8_600, rhythm: "daily" },
    { kind: "day", metric: "ai-dispatch", interval: 10, daily: 4_400, rhythm: "daily" },
  ],
};
