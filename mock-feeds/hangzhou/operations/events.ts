import type { EventModel } from "../../kit/events";
import { place } from "../place";
import { streets } from "./streets";

/** City events, among them illegal parking, whose driver is told the nearest lot with free spaces. */
export const events: EventModel = {
  place,
  system: "operations",
  prefix: "hz",
  aDay: 520,
  center: "城市大脑指挥中心",
  stages: [
    { name: "上报", part: 0 },
    { name: "受理", part: 0.04 },
    { name: "派遣", part: 0.12 },
    { name: "处置", part: 0.2 },
    { name: "核查", part: 0.86 },
    { name: "办结", part: 1 },
  ],
  kinds: [
    {
      kind: "wrong-parking",
      severity: 1,
      hours: 0.5,
      share: 0.42,
      title: {
        zh: "@违停已短信提醒，最近停车场：",
        en: "Illegal parking, @; nearest lot: ",
      },
      unit: "停车管理系统",
      endings: [
        { zh: "附近公共停车场（余46）", en: "public parking nearby (46 free)" },
        { zh: "附近公共停车场（余19）", en: "public parking nearby (19 free)" },
        { zh: "附近商场停车场（余83）", en: "shopping mall parking nearby (83 free)" },
      ],
      endingsIn: {
        "330102": [{ zh: "庆春银泰（余31）", en: "Qingchun Intime (31 free)" }],
        "330105": [
          { zh: "武林广场地下（余42）", en: "Wulin Square underground (42 free)" },
          { zh: "西湖文化广场（余118）", en: "West Lake Culture Square (118 free)" },
        ],
        "330106": [
          { zh: "黄龙体育中心（余86）", en: "Huanglong Sports Center (86 free)" },
          { zh: "文三数码城（余23）", en: "Wensan Digital Mall (23 free)" },
          { zh: "城西银泰（余74）", en: "Chengxi Intime (74 free)" },
        ],
        "330108": [{ zh: "星光大道（余65）", en: "Star Avenue (65 free)" }],
      },
    },
    {
      kind: "traffic-accident",
      severity: 3,
      hours: 1,
      share: 0.15,
      title: { zh: "@车辆剐蹭，占用一条车道", en: "Collision, @, lane blocked" },
      unit: "公安交警",
    },
    {
      kind: "road-flooding",
      severity: 3,
      hours: 3,
      share: 0.05,
      title: { zh: "@路段积水", en: "Flooding, @" },
      unit: "市政设施管理中心",
    },
    {
      kind: "manhole-cover",
      severity: 2,
      hours: 4,
      share: 0.1,
      title: { zh: "@井盖破损", en: "Damaged manhole cover, @" },
      unit: "市政设施管理中心",
    },
    {
      kind: "street-lamp",
      severity: 1,
      hours: 8,
      share: 0.08,
      title: { zh: "@路灯不亮", en: "Streetlight out, @" },
      unit: "路灯管理所",
    },
    {
      kind: "noise",
      severity: 1,
      hours: 2.5,
      share: 0.1,
      title: { zh: "@夜间施工噪声扰民", en: "Night construction noise, @" },
      unit: "城市管理局",
    },
    {
      kind: "fallen-tree",
      severity: 2,
      hours: 2,
      share: 0.06,
      title: { zh: "@树木倒伏影响通行", en: "Fallen tree, @" },
      unit: "园林文物局",
    },
    {
      kind: "fire-alarm",
      severity: 4,
      hours: 1.5,
      share: 0.04,
      title: { zh: "@沿街商铺冒烟报警", en: "Smoke at a shop, @" },
      unit: "消防救援支队",
    },
  ],
  streets,
};
