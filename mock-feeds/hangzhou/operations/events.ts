import type { EventModel } from "../../kit/events";
import { place } from "../place";

/** City events, among them wrong parking, whose owner is told the nearest car park with free places. */
export const events: EventModel = {
  place, system: "operations", prefix: "hz", aDay: 520, center: "城市大脑指挥中心",
  stages: [{ name: "上报", part: 0 }, { name: "受理", part: 0.04 }, { name: "派遣", part: 0.12 }, { name: "处置", part: 0.2 }, { name: "核查", part: 0.86 }, { name: "办结", part: 1 }],
  kinds: [
    {
      kind: "wrong-parking", severity: 1, hours: 0.5, share: 0.42, title: "违停已短信提醒，最近车场：", unit: "停车管理系统", places: ["文三路", "天目山路", "凤起路", "体育场路", "江南大道", "莫干山路", "教工路", "庆春路"],
      endings: ["黄龙体育中心（余86）", "武林广场地下（余42）", "文三数码城（余23）", "西湖文化广场（余118）", "星光大道（余65）", "庆春银泰（余31）", "城西银泰（余74）", "浙大紫金港（余157）"],
    },
    { kind: "traffic-accident", severity: 3, hours: 1, share: 0.15, title: "车辆剐蹭，占用一条车道", unit: "公安交警" },
    { kind: "road-flooding", severity: 3, hours: 3, share: 0.05, title: "路段积水", unit: "市政设施管理中心" },
    { kind: "manhole-cover", severity: 2, hours: 4, share: 0.1, title: "井盖破损", unit: "市政设施管理中心" },
    { kind: "street-lamp", severity: 1, hours: 8, share: 0.08, title: "路灯不亮", unit: "路灯管理所" },
    { kind: "noise", severity: 1, hours: 2.5, share: 0.1, title: "夜间施工噪声扰民", unit: "城市管理局" },
    { kind: "fallen-tree", severity: 2, hours: 2, share: 0.06, title: "树木倒伏影响通行", unit: "园林文物局" },
    { kind: "fire-alarm", severity: 4, hours: 1.5, share: 0.04, title: "沿街商铺冒烟报警", unit: "消防救援支队" },
  ],
  streets: ["文三路", "天目山路", "凤起路", "体育场路", "江南大道", "莫干山路", "教工路", "庆春路", "延安路", "解放路", "秋涛路", "环城东路"],
};
