import { isSmallCell, type City, type Lang, type Metric, type Text } from "@/lib/contract/city";
import type { CityEvent } from "@/lib/contract/events";
import { numbersMode } from "./numbers";

const WORDS = {
  live: { zh: "实时", en: "Live" },
  late: { zh: "延迟", en: "Delayed" },
  stale: { zh: "数据超时", en: "Stale" },
  offline: { zh: "离线", en: "Offline" },
  uncertain: { zh: "存疑", en: "Uncertain" },
  bad: { zh: "无效", en: "Invalid" },
  uncertainValue: { zh: "数据源标记该值存疑", en: "Marked uncertain by its source" },
  badValue: { zh: "数据源标记该值无效，不计入统计", en: "Marked invalid by its source: not counted" },
  noData: { zh: "暂无数据", en: "No data yet" },
  connected: { zh: "连接正常", en: "Connected" },
  disconnected: { zh: "连接中断", en: "Disconnected" },
  reconnecting: {
    zh: "连接中断，正在重连，当前显示中断前数据",
    en: "Connection lost, reconnecting. Figures are from before the interruption.",
  },
  layoutRefused: { zh: "新布局有误，沿用上一版", en: "New layout rejected, showing the last valid one" },
  city: { zh: "全市", en: "Citywide" },
  standing: { zh: "停留", en: "in stage" },
  closedToday: { zh: "今日办结", en: "closed today" },
  otherStages: { zh: "其他环节", en: "Other stages" },
  inAll: { zh: "共", en: "" },
  inAllAfter: { zh: "件", en: "in total" },
  andMore: { zh: "另有", en: "and" },
  andMoreAfter: { zh: "件", en: "more" },
  opensIn: { zh: "距开放", en: "Opens in" },
  expected: { zh: "30分钟内峰值", en: "30-min peak" },
  demandNow: { zh: "当前需求", en: "Demand now" },
  capacity: { zh: "承载能力", en: "Capacity" },
  ample: { zh: "承载充足", en: "Ample capacity" },
  tight: { zh: "承载紧张", en: "Capacity tight" },
  short: { zh: "预警：承载不足", en: "Warning: insufficient capacity" },
  over: { zh: "已过载", en: "Overloaded" },
  needed: { zh: "需扩容至", en: "Scale to" },
  reachedIn: { zh: "后达到承载上限", en: "until capacity is reached" },
  since: { zh: "历时", en: "Closed in" },
  openFor: { zh: "已历时", en: "Open for" },
  ghostDay: { zh: "昨日同期", en: "A day ago" },
  ghostWeek: { zh: "上周同期", en: "A week ago" },
  nothingYet: { zh: "均为0", en: "All 0" },
  noneHere: { zh: "无在办", en: "none open" },
  reportedBy: { zh: "来源", en: "Source" },
  allEvents: { zh: "全部事件", en: "All events" },
  historical: { zh: "历史", en: "Historical" },
  allNumbers: { zh: "数字显示方式", en: "Number format" },
  compareCities: { zh: "各地对比", en: "Compare places" },
  theme: { zh: "配色", en: "Theme" },
  night: { zh: "夜间", en: "Night" },
  dusk: { zh: "傍晚", en: "Dusk" },
  day: { zh: "日间", en: "Day" },
  contrast: { zh: "高对比", en: "High contrast" },
  indicators: { zh: "指标目录", en: "Indicators" },
  comparable: { zh: "可比", en: "Comparable" },
  notComparable: { zh: "口径不同，不作对比", en: "Not comparable" },
  perHead: { zh: "按常住人口折算", en: "Adjusted for population" },
  residents: { zh: "常住人口", en: "Resident population" },
  rawValue: { zh: "原值", en: "As reported" },
  commonDefinition: { zh: "统一口径", en: "Common definition" },
  ownDefinition: { zh: "本地口径", en: "Local definition" },
  noPlaces: { zh: "暂无地区提供该指标", en: "No place reports this indicator" },
  aggregation: { zh: "汇总方式", en: "Aggregation" },
  overDistricts: { zh: "分区", en: "Area" },
  overTime: { zh: "时间", en: "Time" },
  smallCell: { zh: "隐私保护阈值", en: "Privacy threshold" },
  standard: { zh: "国际标准", en: "International standard" },
  value: { zh: "当前值", en: "Current value" },
  search: { zh: "筛选", en: "Filter" },
  identifier: { zh: "标识", en: "ID" },
  name: { zh: "名称", en: "Name" },
  source: { zh: "数据来源", en: "Source" },
  owner: { zh: "主管部门", en: "Responsible agency" },
  missingDistricts: { zh: "合计未含", en: "Not in the total" },
  noneMissing: { zh: "无", en: "none" },
  lastReading: { zh: "最近数据", en: "last reading" },
  observed: { zh: "采集时间", en: "Observed at" },
  interval: { zh: "更新周期", en: "Update interval" },
  limit: { zh: "超时时限", en: "Timeout" },
  topic: { zh: "主题", en: "Topic" },
  definition: { zh: "统计口径", en: "Definition" },
  state: { zh: "状态", en: "State" },
  close: { zh: "关闭", en: "Close" },
  target: { zh: "目标", en: "Target" },
  ago: { zh: "前", en: "ago" },
  yesterday: { zh: "昨日", en: "Yesterday" },
  wholeYesterday: { zh: "昨日全天", en: "All of yesterday" },
  soFarToday: { zh: "今日", en: "Today" },
  vsSameDay: { zh: "较上周同日", en: "vs same day last week" },
  vsWeek: { zh: "较上周同期", en: "vs a week ago" },
  vsYesterday: { zh: "较昨日同期", en: "vs a day ago" },
  vsHour: { zh: "较1小时前", en: "vs an hour ago" },
  vsHourGrowth: { zh: "近1小时较前1小时", en: "last hour vs the one before" },
  newToday: { zh: "今日新增", en: "New today" },
  sinceMidnight: { zh: "较今日零点", en: "since midnight" },
  vsTarget: { zh: "较目标", en: "vs target" },
  normalNow: { zh: "正常区间", en: "usual range" },
  normalGrowth: { zh: "今日新增正常区间", en: "usual growth by now" },
  points: { zh: "个百分点", en: "pp" },
  screens: { zh: "大屏", en: "Screens" },
  cities: { zh: "城市", en: "Cities" },
  gallery: { zh: "组件示例", en: "Widget gallery" },
  districts: { zh: "区县", en: "Districts" },
  event: { zh: "事件", en: "Event" },
  district: { zh: "区县", en: "District" },
  time: { zh: "时间", en: "Time" },
  noEvents: { zh: "当前无在办事件", en: "No open events" },
  eventUnknown: { zh: "未查到该编号的事件", en: "No event with this number is known" },
  eventUnknownThen: { zh: "当时尚无该编号的事件", en: "No event with this number was known then" },
  eventAway: { zh: "暂时无法查询该事件", en: "This event cannot be retrieved right now" },
  loadingEvent: { zh: "正在查询事件", en: "Loading the event" },
  noStream: { zh: "未配置视频流", en: "No video stream configured" },
  streamLost: { zh: "视频流中断，正在重试", en: "Video interrupted, retrying" },
  rank: { zh: "排名", en: "Rank" },
  figures: { zh: "指标", en: "Metrics" },
  feed: { zh: "数据源", en: "Data feed" },
  metrics: { zh: "指标数", en: "Metrics" },
  broken: { zh: "配置有误", en: "Configuration error" },
  slogan: { zh: "城市运营中心实时大屏", en: "Live wall display of the city operations center" },
  nothingFound: { zh: "未查到匹配项", en: "Nothing found" },
  notFound: { zh: "页面不存在", en: "Page not found" },
  home: { zh: "首页", en: "Home" },
  low: { zh: "低", en: "Low" },
  high: { zh: "高", en: "High" },
  smooth: { zh: "畅通", en: "Clear" },
  slowed: { zh: "缓行", en: "Slow" },
  jammed: { zh: "拥堵", en: "Congested" },
  severity1: { zh: "一般", en: "Minor" },
  severity2: { zh: "较大", en: "Moderate" },
  severity3: { zh: "重大", en: "Severe" },
  severity4: { zh: "特别重大", en: "Extreme" },
  loadingMap: { zh: "地图加载中", en: "Loading the map" },
  mapLost: { zh: "地图正在恢复", en: "Restoring the map" },
  notLive: { zh: "历史回放 · 非实时", en: "Replay, not live" },
  backToLive: { zh: "返回实时", en: "Back to live" },
  replay: { zh: "回放", en: "Replay" },
  play: { zh: "播放", en: "Play" },
  pause: { zh: "暂停", en: "Pause" },
  earlier: { zh: "后退1分钟", en: "Back 1 min" },
  later: { zh: "前进1分钟", en: "Forward 1 min" },
  lastEvent: { zh: "上一个事件", en: "Previous event" },
  nextEvent: { zh: "下一个事件", en: "Next event" },
  dayBefore: { zh: "前一天", en: "Previous day" },
  dayAfter: { zh: "后一天", en: "Next day" },
  knownThen: { zh: "当时上报数据", en: "As reported then" },
  knownSince: { zh: "修订后数据", en: "With corrections" },
  loadingPast: { zh: "历史数据加载中", en: "Loading the archive" },
  positionsNotRetained: { zh: "该时刻车辆位置未存档", en: "Vehicle positions of this moment are not archived" },
  notKept: { zh: "此前无存档", en: "Not archived before this" },
  stillToCome: { zh: "尚未发生", en: "Still to come" },
  byMinute: { zh: "分钟级存档", en: "Archived by the minute" },
  clockBack: { zh: "服务器时钟回拨", en: "Server clock set back by" },
  clockAhead: { zh: "服务器时钟拨快", en: "Server clock set ahead by" },
  storeDown: { zh: "历史库中断，实时数据不受影响", en: "Archive down, live data is not affected" },
  storeBehind: { zh: "历史库入库滞后", en: "Archive is lagging" },
  storeFull: { zh: "存储空间已满，暂停接收数据", en: "Storage full, not accepting data" },
  storeUnwritable: { zh: "磁盘无法写入，暂停接收数据", en: "Disk not writable, not accepting data" },
  spaceLow: { zh: "磁盘空间不足", en: "Low disk space" },
  setAside: { zh: "历史库拒收条数", en: "Records rejected by the archive:" },
  journalDamaged: { zh: "日志文件部分损坏", en: "Journal partly damaged" },
  storeBegunAnew: { zh: "历史库损坏，已另存并重建", en: "Archive was damaged: set aside and rebuilt" },
  journalRestored: {
    zh: "日志早于历史库，已逐条核对补录",
    en: "Journal older than the archive: reconciled record by record",
  },
  recentUnreadable: { zh: "近期数据文件无法读取", en: "File of recent hours is unreadable" },
  databaseNotOurs: {
    zh: "数据库属于另一套 Citywall，历史未入库",
    en: "Database belongs to another Citywall: nothing is archived",
  },
  totalsUnreadable: {
    zh: "待算合计清单无法读取，正在全部重算",
    en: "List of pending totals is unreadable: recalculating all",
  },
  tokensUnreadable: { zh: "令牌文件无法读取，沿用此前令牌", en: "Token file is unreadable: earlier tokens stay valid" },
  lostExactly: { zh: "丢失条数", en: "records lost:" },
  lostAtLeast: { zh: "至少丢失条数", en: "records lost, at least:" },
  analysis: { zh: "分析", en: "Analysis" },
  range: { zh: "时段", en: "Time range" },
  compare: { zh: "对比", en: "Compare" },
  from: { zh: "开始时间", en: "From" },
  until: { zh: "结束时间", en: "To" },
  cancel: { zh: "取消", en: "Cancel" },
  copyLink: { zh: "复制链接", en: "Copy link" },
  copied: { zh: "已复制", en: "Copied" },
  band: { zh: "灰色带为近4周同时段正常区间", en: "Gray: usual range for the hour, last 4 weeks" },
  noBand: { zh: "历史数据不足3天，不显示正常区间", en: "Less than 3 days of history: no usual range shown" },
  zoom: { zh: "拖动可缩放", en: "drag to zoom" },
  completeTo: { zh: "数据完整至", en: "Complete to" },
  provisional: { zh: "初步", en: "provisional" },
  hollowPoint: { zh: "空心点：初步数据", en: "Hollow points: provisional" },
  badLeftOut: { zh: "无效数据未计入", en: "Invalid readings left out" },
  keptSince: { zh: "存档始于", en: "Archived since" },
  rangeTotal: { zh: "时段合计", en: "Total of the range" },
  rangeMean: { zh: "时段平均", en: "Average of the range" },
  rangeLast: { zh: "期末值", en: "At end of range" },
  rangeMax: { zh: "时段最高", en: "Peak of the range" },
  hourMean: { zh: "小时均值", en: "Hourly average" },
  hourMost: { zh: "小时峰值", en: "Peak hour" },
  dayMean: { zh: "日均", en: "Daily average" },
  dayMost: { zh: "单日峰值", en: "Peak day" },
  hourlyRise: { zh: "每小时增量", en: "hourly increase" },
  noneFrom: { zh: "无数据", en: "no data" },
  noHistory: { zh: "该时段无数据", en: "No data in this range" },
  summary: { zh: "概要", en: "Summary" },
  events: { zh: "事件", en: "Events" },
  notes: { zh: "标注", en: "Notes" },
  noEventsThen: { zh: "该时段无此类事件", en: "No such events in this range" },
  noteHint: { zh: "说明该时段发生的情况", en: "What happened here, and why" },
  allMetrics: { zh: "适用于所有指标", en: "Applies to all metrics" },
  tableOf: { zh: "数据", en: "Table" },
  workbook: { zh: "表格", en: "Excel" },
  cancelExport: { zh: "取消导出", en: "Cancel export" },
  save: { zh: "保存", en: "Save" },
  remove: { zh: "删除", en: "Remove" },
  map: { zh: "地图", en: "Map" },
  byDay: { zh: "按日合计", en: "Daily totals" },
  madeAt: { zh: "制图时间", en: "created" },
  beside: { zh: "时点对比", en: "Compare two moments" },
  oneTime: { zh: "退出时点对比", en: "Leave the comparison" },
  mean: { zh: "平均", en: "Average" },
  highest: { zh: "最高", en: "Highest" },
  lowest: { zh: "最低", en: "Lowest" },
  latest: { zh: "最新", en: "Latest" },
  ranking: { zh: "区县排名", en: "District ranking" },
  byHour: { zh: "一周时段分布", en: "By hour of the week" },
  distribution: { zh: "数值分布", en: "Distribution" },
  correlation: { zh: "相关性", en: "Correlation" },
  allNormal: {
    zh: "该时段数据均在同时段正常区间内。",
    en: "All values in this range lie within the usual range of their hours.",
  },
  noNormal: { zh: "累计值只增不减，不判断正常区间。", en: "A running total only grows: it has no usual range." },
  noBaseline: { zh: "历史数据不足，暂无法判断正常区间。", en: "Not enough history to tell the usual range." },
  unit: { zh: "单位", en: "Unit" },
  counting: { zh: "统计方式", en: "How it is counted" },
  direction: { zh: "评价方向", en: "Desired direction" },
  completeness: { zh: "近7天完整率 · 按小时", en: "Completeness by hour, last 7 days" },
  trust: { zh: "数据质量", en: "Data quality" },
  lagMedian: { zh: "入库时延（中位数）", en: "Archiving delay, median" },
  lagMost: { zh: "入库时延（95分位）", en: "Archiving delay, 95th percentile" },
  late24: { zh: "迟报数据 · 近24小时", en: "Late readings, last 24 hours" },
  revised7: { zh: "修订 · 近7天", en: "Corrections, last 7 days" },
  kept: { zh: "数据条数 · 近7天", en: "Readings, last 7 days" },
  doubtful: { zh: "存疑、无效 · 近7天", en: "Uncertain, invalid, last 7 days" },
  qualityAlone: { zh: "仅质量标记变更", en: "quality flag only" },
  nothingDue: { zh: "无应报数据", en: "none expected" },
  due: { zh: "应报", en: "expected" },
  came: { zh: "实报", en: "received" },
  revisions: { zh: "修订记录", en: "Corrections" },
  noRevisions: { zh: "近7天无修订", en: "No corrections in the last 7 days" },
  corrected: { zh: "修订于", en: "corrected" },
  speed: { zh: "倍速", en: "Playback speed" },
  noSuchMoment: { zh: "网址中的时刻不存在", en: "The address names a moment that does not exist" },
  endsBefore: {
    zh: "网址中的时段有误：结束时间不晚于开始时间",
    en: "The time range in the address does not end after it begins",
  },
  momentForm: {
    zh: "请使用日历中存在的日期，并写明时间和时区，例如 2026-11-22T08:00:00+08:00。系统未以其他日期代替。",
    en: "Use a calendar date with its time and zone, such as 2026-11-22T08:00:00+08:00. No other day is shown instead.",
  },
  rangeForm: { zh: "系统未以其他时段代替。", en: "No other range is shown instead." },
  showLive: { zh: "查看实时", en: "Go to the live page" },
} as const satisfies Record<string, Text>;

export type Word = keyof typeof WORDS;

/** A fixed word in the language asked for. */
export function t(lang: Lang, word: Word): string {
  return WORDS[word][lang];
}

/** A count and what was counted, in English: one of it, or several. */
export function several(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count, 0, "en")} ${count === 1 ? one : many}`;
}

/** On how many days a usual range rests: at least, at most. */
export function basedOn([least, most]: readonly [number, number], lang: Lang): string {
  const days = least === most ? String(most) : `${least}–${most}`;
  return lang === "zh" ? `据${days}天` : `from ${days} ${most === 1 ? "day" : "days"}`;
}

/** That so many frames were left out. */
export function skippedWords(frames: number, lang: Lang): string {
  return lang === "zh"
    ? `本机显示较慢，已跳过 ${frames} 帧`
    : `This display is slow: ${several(frames, "frame")} skipped`;
}

/** How many of a sum or a picture are missing; empty where none is. */
export function missingWords(missing: number, lang: Lang): string {
  if (missing === 0) return "";
  return lang === "zh" ? `缺 ${missing} 项，未计入` : `${missing} missing, not counted`;
}

/** A place's rank among so many, the highest value first. */
export function rankWords(place: number, of: number, lang: Lang): string {
  return lang === "zh" ? `第${place}名，共${of}` : `No. ${place} of ${of}`;
}

/** What the whole of a place is called, and what its districts are. */
export function levelWord(city: Pick<City, "level" | "words">, which: "whole" | "districts", lang: Lang): string {
  const words = {
    province: { whole: { zh: "全省", en: "Provincewide" }, districts: { zh: "地市", en: "Cities" } },
    city: { whole: { zh: "全市", en: "Citywide" }, districts: { zh: "区县", en: "Districts" } },
    county: { whole: { zh: "全市", en: "Citywide" }, districts: { zh: "镇区", en: "Towns" } },
  } as const;
  return (city.words ?? words[city.level])[which][lang];
}

const EVENT_KINDS: Record<string, Text> = {
  guardrail: { zh: "护栏损坏", en: "Damaged guardrail" },
  "factory-discharge": { zh: "企业偷排", en: "Illegal discharge" },
  "illegal-building": { zh: "违章搭建", en: "Illegal building" },
  brawl: { zh: "纠纷斗殴", en: "Brawl" },
  "street-vending": { zh: "占道经营", en: "Street vending" },
  "wrong-parking": { zh: "违停提醒", en: "Illegal parking, driver notified" },
  "hospital-parking": { zh: "医院周边停车", en: "Hospital parking" },
  "lift-trapped": { zh: "电梯困人", en: "People trapped in an elevator" },
  "special-vehicle": { zh: "特种车辆", en: "Special vehicle" },
  "traffic-accident": { zh: "交通事故", en: "Traffic accident" },
  "street-lamp": { zh: "路灯故障", en: "Streetlight out" },
  "manhole-cover": { zh: "井盖问题", en: "Manhole cover" },
  "illegal-parking": { zh: "违法停车", en: "Illegal parking" },
  "water-leak": { zh: "供水渗漏", en: "Water leak" },
  noise: { zh: "噪声扰民", en: "Noise complaint" },
  "road-flooding": { zh: "道路积水", en: "Road flooding" },
  "fallen-tree": { zh: "树木倒伏", en: "Fallen tree" },
  "fire-alarm": { zh: "火警", en: "Fire alarm" },
  garbage: { zh: "垃圾清运", en: "Garbage" },
};

/** Stages as sources name them, in Chinese. */
const STAGES: Text[] = [
  { zh: "上报", en: "Reported" },
  { zh: "受理", en: "Accepted" },
  { zh: "核实", en: "Verified" },
  { zh: "派遣", en: "Dispatched" },
  { zh: "处置", en: "In progress" },
  { zh: "部门处置", en: "In progress" },
  { zh: "核查", en: "In review" },
  { zh: "办结", en: "Closed" },
  { zh: "归档", en: "Archived" },
];

/** An event kind's name; an unknown kind is shown by its id, written as words. */
export function eventKind(lang: Lang, kind: string): string {
  const words = kind.replaceAll("-", " ");
  return EVENT_KINDS[kind]?.[lang] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Whether a source's own words can be read in this language: Chinese ones only in Chinese. */
export function readsIn(lang: Lang, text: string): boolean {
  return lang === "zh" || !/\p{Script=Han}/u.test(text);
}

/** The title that an event's source gave it in this language, or one that can be read in it; null where there is none. */
export function ownTitle(lang: Lang, { title, titles }: Pick<CityEvent, "title" | "titles">): string | null {
  return titles?.[lang] ?? (readsIn(lang, title) ? title : null);
}

/** An event's own title where it can be read, else its kind. */
export function eventTitle(lang: Lang, event: Pick<CityEvent, "title" | "titles" | "kind">): string {
  return ownTitle(lang, event) ?? eventKind(lang, event.kind);
}

/** A stage's name; sources name stages in Chinese. */
export function stageName(lang: Lang, stage: string): string {
  return STAGES.find(({ zh }) => zh === stage)?.[lang] ?? stage;
}

const formats = new Map<string, Intl.NumberFormat>();

/** A number as people read it: grouped, with fixed decimals. */
export function formatNumber(value: number, decimals: number, lang: Lang): string {
  const key = `${lang}${decimals}`;
  let format = formats.get(key);
  if (!format)
    formats.set(
      key,
      (format = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en-US", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      })),
    );
  return format.format(value);
}

/**
 * A value rounded as `formatNumber` writes it: half away from zero, by its decimal digits. `toFixed` goes by the binary
 * fraction and makes 1.00 of 1.005 where the page beside it says 1.01.
 */
export function roundTo(value: number, decimals: number): number {
  return Number(formatNumber(value, decimals, "en").replaceAll(",", ""));
}

/** From where on a number is written in 亿 or M although every digit fits: nobody reads nine digits from afar. */
const READABLE = 1e8;

/**
 * A number as a wall shows it, in the way that is chosen: `auto` writes every digit of what can be read at a glance and
 * 亿 or M, B beyond; `short` 万, 亿 or k, M, B; `full` every digit.
 */
export function formatValue(value: number, decimals: number, lang: Lang): string {
  const mode = numbersMode();
  const size = Math.abs(value);
  if (mode === "full" || size < (mode === "auto" ? READABLE : 1e4)) return formatNumber(value, decimals, lang);
  const steps: [number, string][] =
    lang === "zh"
      ? [
          [1e8, "亿"],
          [1e4, "万"],
        ]
      : [
          [1e9, "B"],
          [1e6, "M"],
          [1e3, "k"],
        ];
  const [by, suffix] = steps.find(([from]) => size >= from) ?? [1, ""];
  return `${formatNumber(value / by, size / by >= 1_000 ? 1 : 2, lang)}${suffix}`;
}

/** A metric's value for a district as it may be told: a small cell is only told to be one. */
export function formatMetric(metric: Metric, district: string, value: number, lang: Lang): string {
  return isSmallCell(metric, district, value) ? `<${metric.smallCell}` : formatValue(value, metric.decimals, lang);
}

/** A number shortened for axes and small places: 万 and 亿, k and M. */
export function shortNumber(value: number, lang: Lang): string {
  const size = Math.abs(value);
  const steps: [number, string][] =
    lang === "zh"
      ? [
          [1e8, "亿"],
          [1e4, "万"],
        ]
      : [
          [1e9, "B"],
          [1e6, "M"],
          [1e4, "k"],
        ];
  for (const [from, suffix] of steps) {
    if (size < from) continue;
    const by = suffix === "k" ? 1e3 : from;
    return `${trimZeros((value / by).toFixed(size / by >= 100 ? 0 : 1))}${suffix}`;
  }
  return trimZeros(value.toFixed(decimalsOf(size)));
}

/** Decimals that leave a short number three digits. */
function decimalsOf(size: number): number {
  if (size >= 100) return 0;
  return size >= 10 ? 1 : 2;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A whole number in two digits, as clocks and calendars write it. */
export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** Parts of a length of time. Beside a larger part a minute is 分, alone 分钟. */
const PARTS = [
  { seconds: 86_400, zh: "天", alone: "天", en: "d" },
  { seconds: 3_600, zh: "小时", alone: "小时", en: "h" },
  { seconds: 60, zh: "分", alone: "分钟", en: "min" },
  { seconds: 1, zh: "秒", alone: "秒", en: "s" },
] as const;

/** A length of time in its two largest parts, as people say it: 1分39秒, 1 h 11 min. */
export function formatAge(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const first = PARTS.findIndex((part) => seconds >= part.seconds);
  const [large, small] = PARTS.slice(first < 0 ? -1 : first);
  const count = Math.floor(seconds / (large?.seconds ?? 1));
  const rest = small ? Math.floor((seconds - count * (large?.seconds ?? 1)) / small.seconds) : 0;
  if (lang === "en") return `${count} ${large?.en ?? "s"}${rest > 0 ? ` ${rest} ${small?.en ?? ""}` : ""}`;
  return rest > 0 ? `${count}${large?.zh ?? ""}${rest}${small?.zh ?? ""}` : `${count}${large?.alone ?? ""}`;
}

/** A length of time that is given in seconds, and may be shorter than one. */
export function formatSeconds(seconds: number, lang: Lang): string {
  if (Number.isInteger(seconds)) return formatAge(seconds * 1000, lang);
  return lang === "zh" ? `${seconds}秒` : `${seconds} s`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Time of day in the city's zone, HH:mm or HH:mm:ss. */
export function formatTime(at: number, timeZone: string, seconds = false): string {
  const key = `${timeZone}${seconds}`;
  let clock = clocks.get(key);
  if (!clock)
    clocks.set(
      key,
      (clock = new Intl.DateTimeFormat("en-GB", {
        timeZone,
        hour: "2-digit",
        minute: "2-digit",
        ...(seconds ? { second: "2-digit" } : {}),
      })),
    );
  return clock.format(at);
}
