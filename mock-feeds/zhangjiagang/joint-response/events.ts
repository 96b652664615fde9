import type { EventModel } from "../../kit/events";
import { place } from "../place";

/** City parts and city events, moving through the seven stages of 大联动. */
export const events: EventModel = {
  place, system: "joint-response", prefix: "dld", aDay: 850, late: 0.015, center: "联动中心",
  stages: [
    { name: "上报", part: 0 }, { name: "受理", part: 0.04 }, { name: "核实", part: 0.09 }, { name: "派遣", part: 0.18 },
    { name: "部门处置", part: 0.25 }, { name: "核查", part: 0.85 }, { name: "办结", part: 1 },
  ],
  kinds: [
    { kind: "street-lamp", severity: 1, hours: 8, share: 0.13, title: "路灯不亮", unit: "路灯管理所" },
    { kind: "manhole-cover", severity: 2, hours: 4, share: 0.12, title: "井盖缺失", unit: "市政设施管理处" },
    { kind: "guardrail", severity: 1, hours: 6, share: 0.08, title: "护栏损坏", unit: "公路管理处" },
    { kind: "garbage", severity: 1, hours: 5, share: 0.12, title: "垃圾箱满溢", unit: "环境卫生管理处" },
    { kind: "factory-discharge", severity: 3, hours: 5, share: 0.06, title: "企业疑似偷排", unit: "生态环境局", places: ["锦丰冶金园", "金港化工园", "塘桥纺织园", "凤凰工业园", "乐余工业区"] },
    { kind: "illegal-building", severity: 2, hours: 9, share: 0.1, title: "新增违章搭建", unit: "城市管理局" },
    { kind: "brawl", severity: 3, hours: 1.2, share: 0.05, title: "发生纠纷斗殴", unit: "公安局" },
    { kind: "street-vending", severity: 1, hours: 1.5, share: 0.14, title: "占道经营", unit: "城市管理局" },
    { kind: "illegal-parking", severity: 1, hours: 1.2, share: 0.14, title: "违停堵塞通道", unit: "公安交警" },
    { kind: "fire-alarm", severity: 4, hours: 1.5, share: 0.02, title: "厂房冒烟报警", unit: "消防救援大队" },
    { kind: "water-leak", severity: 2, hours: 4, share: 0.04, title: "供水管道渗漏", unit: "给排水公司" },
  ],
  streets: ["人民路", "暨阳路", "长安路", "沙洲路", "金港大道", "港城大道", "华昌路", "杨新路", "南环路", "步行街", "东苑路", "青草巷"],
};
