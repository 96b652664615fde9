import { isSmallCell, type City, type Lang, type Metric, type Text } from "@/lib/contract/city";
import { numbersMode } from "./numbers";

const WORDS = {
  live: { zh: "实时", en: "Live" },
  late: { zh: "延迟", en: "Late" },
  stale: { zh: "数据陈旧", en: "Stale" },
  offline: { zh: "离线", en: "Offline" },
  uncertain: { zh: "存疑", en: "Uncertain" },
  bad: { zh: "坏值", en: "Bad" },
  uncertainValue: { zh: "来源对此值存疑", en: "The source doubts this value" },
  badValue: { zh: "来源称此值为坏值，不作数", en: "The source calls this value bad: it does not count" },
  noData: { zh: "尚无数据", en: "No data yet" },
  connected: { zh: "连接正常", en: "Connected" },
  disconnected: { zh: "连接中断", en: "Disconnected" },
  reconnecting: {
    zh: "连接中断，正在重连；所示数据为中断前",
    en: "Connection lost, reconnecting; figures are from before",
  },
  layoutRefused: { zh: "新布局有误，沿用上一版", en: "New layout refused, showing the last good one" },
  slow: { zh: "本机显示较慢，已跳过", en: "This display is slow, skipped" },
  frames: { zh: "帧", en: "frames" },
  city: { zh: "全市", en: "City" },
  standing: { zh: "停留", en: "for" },
  closedToday: { zh: "今日办结", en: "closed today" },
  otherStages: { zh: "其他环节", en: "Other stages" },
  inAll: { zh: "共", en: "" },
  inAllAfter: { zh: "件", en: "in all" },
  andMore: { zh: "另有", en: "and" },
  andMoreAfter: { zh: "件", en: "more" },
  opensIn: { zh: "距开放", en: "Opens in" },
  expected: { zh: "半小时内峰值", en: "Peak in 30 min" },
  demandNow: { zh: "当前需求", en: "Demand now" },
  capacity: { zh: "承载能力", en: "Capacity" },
  ample: { zh: "承载充足", en: "Enough capacity" },
  tight: { zh: "承载吃紧", en: "Little to spare" },
  short: { zh: "预警：承载不足", en: "Warning: not enough capacity" },
  over: { zh: "正在过载", en: "Overloaded now" },
  needed: { zh: "需扩容至", en: "Needs" },
  batches: { zh: "或分批开放", en: "or in batches" },
  reachedIn: { zh: "后达到承载上限", en: "until capacity is reached" },
  since: { zh: "历时", en: "Took" },
  openFor: { zh: "已历时", en: "Open for" },
  noneHere: { zh: "无在办", en: "none" },
  reportedBy: { zh: "来源", en: "Source" },
  allEvents: { zh: "全部事件", en: "All events" },
  historical: { zh: "历史", en: "History" },
  allNumbers: { zh: "数字显示方式", en: "How numbers are written" },
  theme: { zh: "配色", en: "Theme" },
  night: { zh: "夜间", en: "Night" },
  dusk: { zh: "傍晚", en: "Dusk" },
  day: { zh: "日间", en: "Day" },
  contrast: { zh: "高对比", en: "High contrast" },
  compareCities: { zh: "各地比较", en: "Compare places" },
  indicators: { zh: "指标目录", en: "Indicators" },
  comparable: { zh: "可比", en: "Comparable" },
  notComparable: { zh: "口径不同，不参与比较", en: "Not comparable" },
  perHead: { zh: "按常住人口折算", en: "By residents" },
  residents: { zh: "常住人口", en: "Residents" },
  rawValue: { zh: "原值", en: "As published" },
  commonDefinition: { zh: "统一口径", en: "Common definition" },
  ownDefinition: { zh: "本地口径", en: "Own definition" },
  noPlaces: { zh: "没有地方有这项指标", en: "No place has this indicator" },
  aggregation: { zh: "汇总方式", en: "Aggregation" },
  overDistricts: { zh: "区域", en: "Places" },
  overTime: { zh: "时间", en: "Time" },
  smallCell: { zh: "小数抑制", en: "Small cells" },
  standard: { zh: "国际标准", en: "Standard" },
  value: { zh: "当前值", en: "Value" },
  search: { zh: "筛选", en: "Filter" },
  identifier: { zh: "标识", en: "Id" },
  name: { zh: "名称", en: "Name" },
  source: { zh: "来源", en: "Source" },
  owner: { zh: "主管", en: "Owner" },
  missingDistricts: { zh: "合计中缺少", en: "Missing from the total" },
  noneMissing: { zh: "无", en: "none" },
  lastReading: { zh: "最后读数", en: "last reading" },
  observed: { zh: "观测时间", en: "Observed" },
  interval: { zh: "更新周期", en: "Interval" },
  limit: { zh: "失效时限", en: "Limit" },
  topic: { zh: "主题", en: "Topic" },
  definition: { zh: "口径", en: "Definition" },
  state: { zh: "状态", en: "State" },
  close: { zh: "关闭", en: "Close" },
  seconds: { zh: "秒", en: "s" },
  target: { zh: "目标", en: "Target" },
  ago: { zh: "前", en: "ago" },
  yesterday: { zh: "昨日", en: "Yesterday" },
  vsWeek: { zh: "较上周同时", en: "vs a week ago" },
  vsYesterday: { zh: "较昨日同时", en: "vs a day ago" },
  vsHour: { zh: "较前一小时", en: "vs an hour ago" },
  vsHourGrowth: { zh: "近一小时较前一小时", en: "last hour vs the one before" },
  newToday: { zh: "今日新增", en: "New today" },
  sinceMidnight: { zh: "较今日零点", en: "since midnight" },
  vsTarget: { zh: "较目标", en: "vs target" },
  normalNow: { zh: "该时段常态", en: "normal now" },
  normalGrowth: { zh: "今日新增常态", en: "normal growth by now" },
  restsOn: { zh: "据", en: "of " },
  restsOnDays: { zh: "天", en: " days" },
  points: { zh: "个百分点", en: "pp" },
  screens: { zh: "大屏", en: "Screens" },
  cities: { zh: "城市", en: "Cities" },
  gallery: { zh: "组件样例", en: "Gallery" },
  districts: { zh: "区县", en: "Districts" },
  event: { zh: "事件", en: "Event" },
  district: { zh: "区县", en: "District" },
  time: { zh: "时间", en: "Time" },
  noEvents: { zh: "当前没有在办事件", en: "No open events" },
  eventUnknown: { zh: "没有这个编号的事件", en: "No event with this number is known" },
  eventUnknownThen: { zh: "当时还没有这个编号的事件", en: "No event with this number was known then" },
  eventAway: { zh: "暂时无法查询这个事件", en: "This event cannot be looked up at present" },
  loadingEvent: { zh: "正在查询事件", en: "Looking the event up" },
  noStream: { zh: "未配置视频流", en: "No stream configured" },
  streamLost: { zh: "视频流中断，正在重试", en: "Stream lost, retrying" },
  rank: { zh: "排名", en: "Rank" },
  figures: { zh: "指标", en: "Figures" },
  feed: { zh: "数据来源", en: "Feed" },
  metrics: { zh: "指标数", en: "Metrics" },
  broken: { zh: "配置有误", en: "Configuration fault" },
  slogan: { zh: "城市运营中心实时大屏", en: "The live wall of the operations center" },
  notFound: { zh: "没有这个页面", en: "No such page" },
  home: { zh: "首页", en: "Home" },
  low: { zh: "低", en: "Low" },
  high: { zh: "高", en: "High" },
  smooth: { zh: "畅通", en: "Free" },
  jammed: { zh: "拥堵", en: "Jammed" },
  loadingMap: { zh: "地图加载中", en: "Loading the map" },
  mapLost: { zh: "地图正在恢复", en: "The map is recovering" },
  notLive: { zh: "历史回放 · 非实时", en: "Replay, not live" },
  backToLive: { zh: "返回实时", en: "Back to live" },
  replay: { zh: "回放", en: "Replay" },
  play: { zh: "播放", en: "Play" },
  pause: { zh: "暂停", en: "Pause" },
  earlier: { zh: "后退1分钟", en: "Back 1 min" },
  later: { zh: "前进1分钟", en: "On 1 min" },
  lastEvent: { zh: "上一事件", en: "Last event" },
  nextEvent: { zh: "下一事件", en: "Next event" },
  dayBefore: { zh: "前一天", en: "Day before" },
  dayAfter: { zh: "后一天", en: "Day after" },
  knownThen: { zh: "当时所知", en: "As known then" },
  knownSince: { zh: "修订后", en: "As corrected since" },
  loadingPast: { zh: "历史数据加载中", en: "Loading the past" },
  positionsNotRetained: { zh: "该时刻的车辆位置未存档", en: "Positions of this moment are not kept" },
  notKept: { zh: "此前未存档", en: "Nothing is kept of before" },
  stillToCome: { zh: "尚未发生", en: "Still to come" },
  byMinute: { zh: "分钟级存档", en: "Kept by the minute" },
  clockBack: { zh: "服务器时钟回拨", en: "Server clock set back" },
  clockAhead: { zh: "服务器时钟拨快", en: "Server clock set ahead" },
  storeDown: { zh: "历史存储中断，实时不受影响", en: "Store down, live data is not affected" },
  storeBehind: { zh: "历史存储滞后", en: "Store is behind" },
  storeFull: { zh: "存储空间已满，暂停接收数据", en: "Storage is full: no data is taken in" },
  storeUnwritable: { zh: "磁盘无法写入，暂停接收数据", en: "Disk cannot be written: no data is taken in" },
  spaceLow: { zh: "磁盘空间不足", en: "Disk is running full" },
  setAside: { zh: "存储拒收条目", en: "Items refused by the store:" },
  journalDamaged: { zh: "日志文件部分损坏", en: "Part of the journal is damaged" },
  storeBegunAnew: { zh: "历史库损坏，已另存并重建", en: "Store was broken: kept aside, begun anew" },
  journalRestored: {
    zh: "日志早于历史库，已逐条核对补录",
    en: "Journal is older than the store: compared item by item",
  },
  recentUnreadable: { zh: "近期数据文件无法读取", en: "File of recent hours cannot be read" },
  databaseNotOurs: {
    zh: "数据库属于另一套 Citywall，历史未入库",
    en: "Database is another Citywall's: nothing is stored",
  },
  totalsUnreadable: {
    zh: "待算合计清单无法读取，正在全部重算",
    en: "List of totals to make cannot be read: all are made again",
  },
  tokensUnreadable: { zh: "令牌文件无法读取，沿用此前令牌", en: "Token file cannot be read: earlier tokens stand" },
  lostExactly: { zh: "丢失条目", en: "items lost:" },
  lostAtLeast: { zh: "至少丢失条目", en: "items lost, at least:" },
  analysis: { zh: "分析", en: "Analysis" },
  range: { zh: "时段", en: "Range" },
  compare: { zh: "对比", en: "Compare" },
  from: { zh: "自", en: "From" },
  until: { zh: "至", en: "To" },
  cancel: { zh: "取消", en: "Cancel" },
  copyLink: { zh: "复制链接", en: "Copy link" },
  copied: { zh: "已复制", en: "Copied" },
  band: { zh: "灰带为近四周同时段常态", en: "Grey: normal for the hour, last four weeks" },
  noBand: { zh: "历史不足三天，未画常态", en: "Less than three days known: no normal drawn" },
  zoom: { zh: "拖动可缩放", en: "drag to zoom" },
  completeTo: { zh: "数据完整至", en: "Complete until" },
  provisional: { zh: "暂定", en: "provisional" },
  hollowPoint: { zh: "空心点：暂定", en: "Hollow points: provisional" },
  badLeftOut: { zh: "无效读数未计入", en: "Bad readings left out" },
  keptSince: { zh: "数据始于", en: "Kept since" },
  rangeTotal: { zh: "区间合计", en: "Sum of the range" },
  rangeMean: { zh: "区间平均", en: "Mean of the range" },
  rangeLast: { zh: "期末值", en: "At its end" },
  rangeMax: { zh: "区间最高", en: "Highest in the range" },
  hourMean: { zh: "每小时平均", en: "Mean of an hour" },
  hourMost: { zh: "最高一小时", en: "Most in an hour" },
  dayMean: { zh: "日均", en: "Mean of a day" },
  dayMost: { zh: "最高一日", en: "Most in a day" },
  hourlyRise: { zh: "每小时增量", en: "by the hour" },
  noneFrom: { zh: "无数据", en: "no data" },
  noHistory: { zh: "该时段没有数据", en: "Nothing was kept in this range" },
  summary: { zh: "概要", en: "Summary" },
  events: { zh: "事件", en: "Events" },
  notes: { zh: "标注", en: "Notes" },
  noEventsThen: { zh: "该时段没有这类事件", en: "No such events in this range" },
  noteHint: { zh: "说明这段时间发生了什么", en: "What happened here, and why" },
  allMetrics: { zh: "适用于所有指标", en: "For every metric" },
  tableOf: { zh: "数据", en: "Table" },
  workbook: { zh: "表格", en: "Excel" },
  cancelExport: { zh: "取消导出", en: "Cancel export" },
  save: { zh: "保存", en: "Save" },
  remove: { zh: "删除", en: "Remove" },
  map: { zh: "地图", en: "Map" },
  byDay: { zh: "按日合计", en: "Totals by the day" },
  madeAt: { zh: "制图", en: "made" },
  beside: { zh: "双时对比", en: "Two times" },
  oneTime: { zh: "单屏", en: "One time" },
  mean: { zh: "平均", en: "Mean" },
  highest: { zh: "最高", en: "Highest" },
  lowest: { zh: "最低", en: "Lowest" },
  latest: { zh: "最新", en: "Latest" },
  ranking: { zh: "区县排名", en: "Districts" },
  byHour: { zh: "一周分布", en: "By hour of the week" },
  distribution: { zh: "数值分布", en: "Distribution" },
  correlation: { zh: "相关", en: "Against" },
  allNormal: { zh: "此范围内均在同时段常态之内。", en: "All of this range lies within what is normal for its hours." },
  noNormal: { zh: "累计值只增不减，不判断常态。", en: "A total only grows; nothing is said of what is normal." },
  noBaseline: { zh: "历史不足，尚不能判断常态。", en: "There is not enough past to say what is normal." },
  unit: { zh: "单位", en: "Unit" },
  counting: { zh: "计量方式", en: "Counting" },
  direction: { zh: "评价方向", en: "Direction" },
  completeness: { zh: "近7天完整率 · 按小时", en: "Completeness of the last 7 days, by the hour" },
  trust: { zh: "可信度", en: "How far it can be trusted" },
  lagMedian: { zh: "入库时延（中位）", en: "Lag to the store, median" },
  lagMost: { zh: "入库时延（95%）", en: "Lag, 95th percentile" },
  late24: { zh: "迟到读数 · 24小时", en: "Came late, 24 hours" },
  revised7: { zh: "修订 · 7天", en: "Revised, 7 days" },
  kept: { zh: "读数 · 7天", en: "Readings, 7 days" },
  doubtful: { zh: "存疑、无效 · 7天", en: "Uncertain, bad, 7 days" },
  qualityAlone: { zh: "仅质量变更", en: "quality alone" },
  nothingDue: { zh: "无应到读数", en: "nothing was due" },
  due: { zh: "应到", en: "due" },
  came: { zh: "实到", en: "came" },
  revisions: { zh: "修订记录", en: "Revisions" },
  noRevisions: { zh: "近7天没有修订", en: "Nothing was revised in 7 days" },
  corrected: { zh: "修订于", en: "corrected" },
  more: { zh: "来源与质量 ›", en: "Source and quality ›" },
  speed: { zh: "倍速", en: "Speed" },
  noSuchMoment: { zh: "网址中的时刻不存在", en: "The address names a moment that does not exist" },
  endsBefore: { zh: "网址中的时段，终点不在起点之后", en: "The range in the address does not end after it begins" },
  momentForm: {
    zh: "应为日历上有的日期，带时间和时区，例如 2026-11-22T08:00:00+08:00。没有用别的日子代替。",
    en: "It takes a date of the calendar with its time and zone, such as 2026-11-22T08:00:00+08:00. No other day is shown in its place.",
  },
  rangeForm: { zh: "没有用别的时段代替。", en: "No other range is shown in its place." },
  showLive: { zh: "查看实时", en: "Show the live page" },
} as const satisfies Record<string, Text>;

export type Word = keyof typeof WORDS;

/** A fixed word in the language asked for. */
export function t(lang: Lang, word: Word): string {
  return WORDS[word][lang];
}

/** How many of a sum or a picture are missing; empty where none is. */
export function missingWords(missing: number, lang: Lang): string {
  if (missing === 0) return "";
  return lang === "zh" ? `缺 ${missing} 项，未计入` : `${missing} missing, not counted`;
}

/** What the whole of a place is called, and what its districts are. */
export function levelWord(city: Pick<City, "level" | "words">, which: "whole" | "districts", lang: Lang): string {
  const words = {
    province: { whole: { zh: "全省", en: "Province" }, districts: { zh: "地市", en: "Cities" } },
    city: { whole: { zh: "全市", en: "City" }, districts: { zh: "区县", en: "Districts" } },
    county: { whole: { zh: "全市", en: "City" }, districts: { zh: "镇区", en: "Towns" } },
  } as const;
  return (city.words ?? words[city.level])[which][lang];
}

const EVENT_KINDS: Record<string, Text> = {
  guardrail: { zh: "护栏损坏", en: "Guard rail" },
  "factory-discharge": { zh: "企业偷排", en: "Illegal discharge" },
  "illegal-building": { zh: "违章搭建", en: "Illegal building" },
  brawl: { zh: "纠纷斗殴", en: "Brawl" },
  "street-vending": { zh: "占道经营", en: "Street vending" },
  "wrong-parking": { zh: "违停提醒", en: "Wrong parking, driver told" },
  "hospital-parking": { zh: "医院停车", en: "Hospital parking" },
  "lift-trapped": { zh: "电梯困人", en: "People trapped in a lift" },
  "special-vehicle": { zh: "特种车辆", en: "Special vehicle" },
  "traffic-accident": { zh: "交通事故", en: "Traffic accident" },
  "street-lamp": { zh: "路灯故障", en: "Street lamp" },
  "manhole-cover": { zh: "井盖问题", en: "Manhole cover" },
  "illegal-parking": { zh: "违规停车", en: "Illegal parking" },
  "water-leak": { zh: "供水渗漏", en: "Water leak" },
  noise: { zh: "噪声扰民", en: "Noise" },
  "road-flooding": { zh: "道路积水", en: "Road flooding" },
  "fallen-tree": { zh: "树木倒伏", en: "Fallen tree" },
  "fire-alarm": { zh: "火警", en: "Fire alarm" },
  garbage: { zh: "垃圾清运", en: "Garbage" },
};

const STAGES: Record<string, string> = {
  上报: "Reported",
  受理: "Accepted",
  核实: "Verified",
  派遣: "Dispatched",
  处置: "Handling",
  部门处置: "Handling",
  核查: "Checking",
  办结: "Closed",
};

/** An event kind's name; an unknown kind is shown by its id, written as words. */
export function eventKind(lang: Lang, kind: string): string {
  const words = kind.replaceAll("-", " ");
  return EVENT_KINDS[kind]?.[lang] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Whether a source's own words can be read in this language: Chinese ones only in Chinese. */
export function readsIn(lang: Lang, text: string): boolean {
  return lang === "zh" || !/\p{Script=Han}/u.test(text);
}

/** An event's own title where it can be read, else its kind. */
export function eventTitle(lang: Lang, event: { title: string; kind: string }): string {
  return readsIn(lang, event.title) ? event.title : eventKind(lang, event.kind);
}

/** A stage's name; sources name stages in Chinese. */
export function stageName(lang: Lang, stage: string): string {
  return lang === "zh" ? stage : (STAGES[stage] ?? stage);
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

const DAYS = { until: Infinity, seconds: 86_400, zh: "天", en: "d" };
/** Units of an age, each told up to (excluded) so many seconds. */
const AGE_UNITS = [
  { until: 100, seconds: 1, zh: "秒", en: "s" },
  { until: 6_000, seconds: 60, zh: "分钟", en: "min" },
  { until: 172_800, seconds: 3_600, zh: "小时", en: "h" },
  DAYS,
];

/** How long ago, in the largest fitting unit. */
export function formatAge(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const unit = AGE_UNITS.find(({ until }) => seconds < until) ?? DAYS;
  const value = Math.round(seconds / unit.seconds);
  return lang === "zh" ? `${value}${unit.zh}` : `${value} ${unit.en}`;
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
