import type { EventModel } from "../../kit/events";
import { place } from "../place";

/** What happens in the city and is followed by the center. */
export const events: EventModel = {
  place,
  system: "operations-center",
  prefix: "ioc",
  aDay: 160,
  center: "城市运营中心",
  stages: [
    { name: "上报", part: 0 },
    { name: "受理", part: 0.05 },
    { name: "派遣", part: 0.15 },
    { name: "处置", part: 0.25 },
    { name: "核查", part: 0.85 },
    { name: "办结", part: 1 },
  ],
  kinds: [
    {
      kind: "traffic-accident",
      severity: 3,
      hours: 1.2,
      share: 0.17,
      title: "车辆剐蹭，占用一条车道",
      unit: "公安交警",
    },
    { kind: "street-lamp", severity: 1, hours: 9, share: 0.14, title: "路灯不亮", unit: "路灯管理处" },
    { kind: "manhole-cover", severity: 2, hours: 4, share: 0.1, title: "井盖破损", unit: "市政管理处" },
    { kind: "illegal-parking", severity: 1, hours: 1.5, share: 0.16, title: "违停占用盲道", unit: "公安交警" },
    { kind: "water-leak", severity: 2, hours: 5, share: 0.1, title: "供水管道渗漏", unit: "自来水公司" },
    { kind: "noise", severity: 1, hours: 2.5, share: 0.12, title: "夜间施工噪声扰民", unit: "城市管理局" },
    { kind: "road-flooding", severity: 3, hours: 3, share: 0.05, title: "路段积水", unit: "市政管理处" },
    { kind: "fallen-tree", severity: 2, hours: 2, share: 0.06, title: "树木倒伏影响通行", unit: "园林管理处" },
    { kind: "fire-alarm", severity: 4, hours: 1.8, share: 0.03, title: "沿街商铺冒烟报警", unit: "消防救援支队" },
    { kind: "garbage", severity: 1, hours: 6, share: 0.07, title: "垃圾堆积未清运", unit: "环境卫生管理处" },
  ],
  streets: [
    "解放路",
    "海连路",
    "苍梧路",
    "学院路",
    "朝阳路",
    "郁洲路",
    "花果山大道",
    "瀛洲路",
    "人民路",
    "幸福路",
    "振兴路",
    "通榆路",
  ],
};
