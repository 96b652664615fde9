import { localDate } from "@/lib/clock";
import { metricOf, type CityFacts } from "@/lib/contract/city";
import { countedCells } from "@/lib/contract/event-counts";
import { parseTopic } from "@/lib/contract/topics";
import { emptyState, HOURLY, reduce, type State } from "@/lib/contract/reduce";
import { every } from "@/lib/clock";
import type { Live, ValuesSource } from "@/lib/live/read-metric";

/** The gallery's frozen moment: a Friday, 10:20 in China. */
export const SAMPLE_NOW = Date.parse("2026-11-20T10:20:00+08:00");

/** A number in [0, 1) made from text. */
function unit(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return ((hash ^ (hash >>> 15)) >>> 0) / 4294967296;
}

/** About how large a metric's values are; one with decimals is small. */
function sizeOf(metric: string, decimals: number): number {
  return decimals > 0 ? 1 + unit(metric) * 12 : 10 ** (2 + 3 * unit(metric));
}

/**
 * Live data that never changes: any topic has a plausible past, made from its own name. Pictures of it can be compared.
 */
export class SampleLive implements Live {
  readonly skippedFrames = 0;
  readonly tolerance = 0;
  readonly past = false;
  readonly store = null;
  readonly values: ValuesSource = {
    ask: (items) =>
      Promise.resolve(
        items.map(({ topic, at }) =>
          at.map((when) => ({ at: when, value: this.valueAt(topic, when), quality: "good" as const })),
        ),
      ),
    round: () => 0,
    speed: () => 0,
  };
  private readonly states = new Map<string, State>();

  constructor(private readonly city: CityFacts) {}

  now(): number {
    return SAMPLE_NOW;
  }

  connected(): boolean {
    return true;
  }

  onBeat(listener: () => void): () => void {
    return every(500, listener);
  }

  watch(_topic: string, _span: number, listener: () => void): () => void {
    queueMicrotask(listener);
    return () => {};
  }

  state(topic: string): State | undefined {
    const known = this.states.get(topic);
    if (known) return known;
    const made = this.make(topic);
    if (made) this.states.set(topic, made);
    return made;
  }

  private make(topic: string): State | undefined {
    const name = parseTopic(topic);
    if (!name) return undefined;
    if (name.kind === "reading") return this.readings(topic);
    return name.kind === "events" ? this.events() : this.positions(name.layer);
  }

  private valueAt(topic: string, at: number): number {
    const name = parseTopic(topic);
    if (name?.kind !== "reading") return 0;
    const { metric: id, district } = name;
    const metric = metricOf(this.city, id);
    const percent = metric?.unit.en === "%";
    const scale = percent ? 60 + 35 * unit(id) : sizeOf(id, metric?.decimals ?? 0);
    const share = district === "all" || percent ? 1 : 0.08 + 0.3 * unit(topic);
    const hour = ((at / 3_600_000 + 8) % 24) / 24;
    const wave =
      0.55 +
      0.3 * Math.sin(hour * 2 * Math.PI - 1.4) +
      0.08 * Math.sin(at / 1_300_000 + unit(topic) * 9) +
      0.04 * Math.sin(at / 210_000 + unit(topic) * 5);
    const value =
      metric?.kind === "day"
        ? scale * share * hour * (0.9 + 0.1 * wave)
        : scale * share * (percent ? 0.9 + 0.1 * wave : wave);
    return Number(value.toFixed(metric?.decimals ?? 0));
  }

  private readings(topic: string): State {
    const items = [];
    for (let at = SAMPLE_NOW - HOURLY.bucketMs * 168; at < SAMPLE_NOW - 86_400_000; at += 3_600_000) items.push(at);
    for (let at = SAMPLE_NOW - 86_400_000; at < SAMPLE_NOW - 900_000; at += 60_000) items.push(at);
    for (let at = SAMPLE_NOW - 900_000; at <= SAMPLE_NOW; at += 5_000) items.push(at);
    return reduce(emptyState("reading"), {
      kind: "reading",
      epoch: 1,
      offset: items.length,
      snapshot: true,
      items: items.map((at) => ({ at, value: this.valueAt(topic, at), quality: "good" as const })),
    });
  }

  private events(): State {
    const stages = ["上报", "受理", "派遣", "处置", "核查", "办结"];
    const kinds = [
      [
        "traffic-accident",
        3,
        { zh: "花果山大道车辆剐蹭，占用一条车道", en: "Collision, Huaguoshan Avenue, lane blocked" },
      ],
      ["street-lamp", 1, { zh: "解放路路灯不亮", en: "Streetlight out, Jiefang Road" }],
      ["fire-alarm", 4, { zh: "海连路沿街商铺冒烟报警", en: "Smoke at a shop, Hailian Road" }],
      ["water-leak", 2, { zh: "苍梧路供水管道渗漏", en: "Water main leak, Cangwu Road" }],
      ["manhole-cover", 2, { zh: "朝阳路井盖破损", en: "Damaged manhole cover, Chaoyang Road" }],
      ["noise", 1, { zh: "学院路夜间施工噪声扰民", en: "Night construction noise, Xueyuan Road" }],
    ] as const;
    const items = Array.from({ length: 18 }, (_, i) => {
      const [kind, severity, titles] = kinds[i % kinds.length] ?? kinds[0];
      const district = this.city.districts[i % this.city.districts.length];
      const [lon, lat] = district?.seat ?? [0, 0];
      const at = SAMPLE_NOW - (i + 1) * 640_000;
      return {
        id: `sample-${i}`,
        city: this.city.id,
        district: district?.adcode ?? "all",
        kind,
        title: titles.zh,
        titles,
        severity,
        stage: stages[i % 5] ?? "上报",
        stages,
        at,
        updated: at + 60_000,
        lon: lon + (unit(`x${i}`) - 0.5) * 0.2,
        lat: lat + (unit(`y${i}`) - 0.5) * 0.16,
        source: "样例",
      };
    });
    return reduce(emptyState("events"), {
      kind: "events",
      epoch: 1,
      offset: items.length,
      snapshot: true,
      items,
      counts: countedCells(items, (at) => localDate(at, this.city.timeZone)),
    });
  }

  private positions(layer: string): State {
    const roads = layer === "roads";
    const count = roads ? 435 : 160;
    const rows = Array.from({ length: count }, (_, i) => {
      const [lon, lat] = this.city.districts[i % this.city.districts.length]?.seat ?? [0, 0];
      const far = 0.13 * unit(`${layer}r${i}`);
      const turn = 2 * Math.PI * unit(`${layer}t${i}`);
      return {
        lon: lon + Math.cos(turn) * far,
        lat: lat + Math.sin(turn) * far * 0.8,
        heading: 360 * unit(`${layer}h${i}`),
        speed: 8 + 66 * unit(`${layer}s${i}`),
      };
    });
    return reduce(emptyState("positions"), {
      kind: "positions",
      epoch: 1,
      offset: count,
      snapshot: true,
      names: rows.map((_, i) => [i, roads ? `r${i + 1}` : `${layer}-${i}`, ""]),
      slots: rows.map((_, i) => i),
      lon: rows.map((r) => r.lon),
      lat: rows.map((r) => r.lat),
      heading: rows.map((r) => r.heading),
      speed: rows.map((r) => r.speed),
      at: rows.map(() => SAMPLE_NOW - 1_000),
    });
  }
}
