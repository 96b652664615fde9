import type { EventModel } from "../../kit/events";
import { place } from "../place";
import { streets } from "./streets";

/** “一事件”: what the 12345 and 12319 hotlines were most about, and what else happens. */
export const events: EventModel = {
  place,
  system: "governance",
  prefix: "zz",
  aDay: 420,
  center: "城市管理指挥中心",
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
      kind: "hospital-parking",
      severity: 2,
      hours: 1.1,
      share: 0.2,
      title: { zh: "@周边停车排队", en: "Parking queue, @" },
      unit: "公安交警",
      sites: /院$/,
      endings: [
        { zh: "，已诱导至备用停车场", en: ", diverted to another lot" },
        { zh: "，占用非机动车道", en: ", bike lane blocked" },
        { zh: "，排队超过200米", en: ", over 200 m" },
      ],
    },
    {
      kind: "lift-trapped",
      severity: 4,
      hours: 0.7,
      share: 0.13,
      title: { zh: "@电梯困人", en: "Elevator entrapment, @" },
      unit: "特种设备救援队",
      buildings: [
        { zh: "@写字楼", en: "@ offices" },
        { zh: "@小区", en: "@ housing complex" },
        { zh: "@商场", en: "@ mall" },
        { zh: "@住宅楼", en: "@ apartments" },
      ],
    },
    {
      kind: "special-vehicle",
      severity: 2,
      hours: 2.2,
      share: 0.17,
      title: { zh: "@渣土车未按路线行驶", en: "Dump truck off route, @" },
      unit: "渣土车管理办公室",
    },
    {
      kind: "traffic-accident",
      severity: 3,
      hours: 1.2,
      share: 0.14,
      title: { zh: "@车辆剐蹭，占用一条车道", en: "Collision, @, lane blocked" },
      unit: "公安交警",
    },
    {
      kind: "manhole-cover",
      severity: 2,
      hours: 4,
      share: 0.1,
      title: { zh: "@井盖破损", en: "Damaged manhole cover, @" },
      unit: "市政工程管理处",
    },
    {
      kind: "street-lamp",
      severity: 1,
      hours: 8,
      share: 0.1,
      title: { zh: "@路灯不亮", en: "Streetlight out, @" },
      unit: "城市照明灯饰管理处",
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
      kind: "road-flooding",
      severity: 3,
      hours: 3,
      share: 0.06,
      title: { zh: "@路段积水", en: "Flooding, @" },
      unit: "市政工程管理处",
    },
  ],
  streets,
};
