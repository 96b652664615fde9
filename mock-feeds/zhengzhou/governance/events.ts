import type { EventModel } from "../../kit/events";
import { place } from "../place";

const HOSPITALS = ["郑大一附院", "省人民医院", "郑大二附院", "省中医院", "省儿童医院", "市中心医院"];

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
      title: "周边停车排队",
      unit: "公安交警",
      places: HOSPITALS,
      endings: ["，已诱导至备用车场", "，占用非机动车道", "，排队超过200米"],
    },
    {
      kind: "lift-trapped",
      severity: 4,
      hours: 0.7,
      share: 0.13,
      title: "电梯困人",
      unit: "特种设备救援队",
      places: ["郑东新区写字楼", "中原路小区", "花园路商场", "航海路小区", "农业路住宅楼", "金水路医院"],
    },
    {
      kind: "special-vehicle",
      severity: 2,
      hours: 2.2,
      share: 0.17,
      title: "渣土车未按路线行驶",
      unit: "渣土车管理办公室",
    },
    {
      kind: "traffic-accident",
      severity: 3,
      hours: 1.2,
      share: 0.14,
      title: "车辆剐蹭，占用一条车道",
      unit: "公安交警",
    },
    { kind: "manhole-cover", severity: 2, hours: 4, share: 0.1, title: "井盖破损", unit: "市政工程管理处" },
    { kind: "street-lamp", severity: 1, hours: 8, share: 0.1, title: "路灯不亮", unit: "城市照明灯饰管理处" },
    { kind: "noise", severity: 1, hours: 2.5, share: 0.1, title: "夜间施工噪声扰民", unit: "城市管理局" },
    { kind: "road-flooding", severity: 3, hours: 3, share: 0.06, title: "路段积水", unit: "市政工程管理处" },
  ],
  streets: [
    "金水路",
    "花园路",
    "中州大道",
    "航海路",
    "农业路",
    "陇海路",
    "嵩山路",
    "未来路",
    "东风路",
    "京广路",
    "文化路",
    "紫荆山路",
  ],
};
