import type { Lang, Text } from "@/lib/contract/city";
import { secondText } from "./moment";

/** Words of the pages of tokens and of the audit log. */
export const ADMIN_WORDS = {
  tokens: { zh: "访问令牌", en: "Tokens" },
  tokensHint: {
    zh: "发布程序凭令牌提交数据，监控程序凭令牌读取运行指标。系统只保存令牌的摘要，无法再次显示。",
    en: "Programs that publish data or watch the system prove themselves with a token. Only its hash is stored: it cannot be shown again.",
  },
  purpose: { zh: "类型", en: "Kind" },
  publishing: { zh: "发布数据", en: "Publishes data" },
  monitoring: { zh: "监控系统", en: "Monitors the system" },
  monitoringHint: {
    zh: "只能读取运行指标（/metrics），不能查看或提交数据。",
    en: "Reads the figures of the system's own work (/metrics), and can neither see nor publish data.",
  },
  noTokens: { zh: "还没有令牌。", en: "There is no token yet." },
  newToken: { zh: "新建令牌", en: "New token" },
  makeToken: { zh: "生成令牌", en: "Make the token" },
  city: { zh: "城市", en: "City" },
  feed: { zh: "数据来源", en: "Feed" },
  allFeeds: { zh: "全部来源", en: "All feeds" },
  ends: { zh: "有效期", en: "Valid for" },
  days30: { zh: "30天", en: "30 days" },
  days90: { zh: "90天", en: "90 days" },
  days365: { zh: "一年", en: "A year" },
  noEnd: { zh: "不限期", en: "Without end" },
  addresses: { zh: "允许的地址", en: "Addresses" },
  addressesHint: {
    zh: "地址或网段，用逗号分隔，例如 10.0.0.0/8；留空则不限",
    en: "Addresses and networks with commas between them, such as 10.0.0.0/8; none: any",
  },
  note: { zh: "用途", en: "What for" },
  backfill: { zh: "可补传31天以前的数据", en: "May bring readings older than 31 days" },
  tokenOnce: {
    zh: "令牌只显示这一次。请经可靠途径交给使用方。",
    en: "The token is shown this once. Hand it over in a way you trust.",
  },
  endsAt: { zh: "有效至", en: "valid until" },
  endedAt: { zh: "已过期", en: "ended" },
  endsNever: { zh: "不限期", en: "without end" },
  usedNever: { zh: "从未使用", en: "never used" },
  usedAt: { zh: "最近使用", en: "last used" },
  onlyFrom: { zh: "仅限", en: "only from" },
  mayBackfill: { zh: "可补传", en: "may backfill" },
  followedBy: { zh: "已由新令牌接替", en: "followed by" },
  rotate: { zh: "更换", en: "Rotate" },
  rotateHint: {
    zh: "生成接替的令牌；在宽限期内新旧令牌都有效，之后旧令牌失效。",
    en: "Makes the token that follows. Both are valid for the time of grace; then the older one ends.",
  },
  grace: { zh: "宽限期", en: "Grace" },
  graceNone: { zh: "立即失效", en: "None: at once" },
  graceHour: { zh: "1小时", en: "An hour" },
  graceDay: { zh: "1天", en: "A day" },
  graceWeek: { zh: "7天", en: "7 days" },
  withdraw: { zh: "撤销", en: "Withdraw" },
  withdrawHint: {
    zh: "使用此令牌的程序将立即被拒绝，且不能恢复。",
    en: "Whatever uses it is refused at once. This cannot be undone.",
  },
  withdrawNow: { zh: "确认撤销", en: "Withdraw it" },
  audit: { zh: "审计日志", en: "Audit log" },
  auditHint: {
    zh: "每一行都由散列链相连，改动、删除或调换都会被查出。",
    en: "Each line is hashed over the one before it, so that a change, a gap or an exchange is found.",
  },
  checking: { zh: "正在核验…", en: "Verifying…" },
  since: { zh: "从", en: "From" },
  before: { zh: "到", en: "To" },
  who: { zh: "操作者", en: "Who" },
  action: { zh: "操作", en: "What" },
  anyAction: { zh: "全部操作", en: "Anything" },
  holding: { zh: "包含文字", en: "Text" },
  find: { zh: "查找", en: "Find" },
  older: { zh: "更早", en: "Older" },
  noLines: { zh: "没有符合条件的记录。", en: "No line is like that." },
  asCsv: { zh: "导出 CSV", en: "Export as CSV" },
  asLines: { zh: "导出 JSON Lines", en: "Export as JSON lines" },
} as const satisfies Record<string, Text>;

/** What refusals of these pages mean, by code and field. */
export const ADMIN_PROBLEMS: Record<string, Text> = {
  "bad-parameter addresses": {
    zh: "地址须为 IP 地址或网段，例如 10.0.0.0/8，最多32个。",
    en: "Addresses must be IP addresses or networks such as 10.0.0.0/8, 32 at most.",
  },
  "bad-parameter city": { zh: "未查到该城市。", en: "This city was not found." },
  "bad-parameter feed": { zh: "该城市未配置此数据来源。", en: "This city has no such feed." },
  "bad-parameter note": { zh: "用途最多200个字符。", en: "A note has at most 200 characters." },
  "bad-parameter since": { zh: "起始时间格式不正确。", en: "The start time is not valid." },
  "bad-parameter until": { zh: "结束时间格式不正确。", en: "The end time is not valid." },
  "bad-parameter who": { zh: "操作者最多200个字符。", en: "Who has at most 200 characters." },
  "bad-parameter text": { zh: "查找的文字最多200个字符。", en: "The text has at most 200 characters." },
  "refused id": {
    zh: "此令牌已过期或已更换过。",
    en: "This token has ended or was rotated already.",
  },
};

/** What is written into the audit log, in words. */
const ACTIONS: Record<string, Text> = {
  "token.create": { zh: "新建令牌", en: "token made" },
  "token.rotate": { zh: "更换令牌", en: "token rotated" },
  "token.revoke": { zh: "撤销令牌", en: "token withdrawn" },
  "token.take-over": { zh: "接管旧令牌", en: "old tokens taken over" },
  "token.refuse": { zh: "拒绝令牌", en: "token refused" },
  refuse: { zh: "拒绝访问", en: "access refused" },
  "note.create": { zh: "写标注", en: "note written" },
  "note.delete": { zh: "删除标注", en: "note deleted" },
  export: { zh: "导出数据", en: "data exported" },
  "audit.export": { zh: "导出审计日志", en: "audit log exported" },
  "audit.forget": { zh: "清理过期日志", en: "old lines forgotten" },
  "map.add": { zh: "添加底图", en: "base map added" },
  "map.remove": { zh: "移除底图", en: "base map removed" },
  "notice.acknowledge": { zh: "确认故障通知", en: "notice acknowledged" },
  "session.begin": { zh: "登录", en: "signed in" },
  "session.refuse": { zh: "登录被拒", en: "sign-in refused" },
  "session.end": { zh: "退出登录", en: "signed out" },
  "account.create": { zh: "建立账号", en: "account made" },
  "account.change": { zh: "修改账号", en: "account changed" },
  "account.password": { zh: "修改密码", en: "password set" },
  "factor.add": { zh: "启用第二重验证", en: "second factor added" },
  "factor.remove": { zh: "移除第二重验证", en: "second factor removed" },
  "policy.change": { zh: "修改登录要求", en: "sign-in policy changed" },
  "mapping.add": { zh: "添加角色映射", en: "role mapping added" },
  "mapping.remove": { zh: "移除角色映射", en: "role mapping removed" },
  "invitation.create": { zh: "生成邀请", en: "link made" },
  "invitation.withdraw": { zh: "撤回邀请", en: "link taken back" },
  "screen.open": { zh: "设为免登录", en: "screen opened" },
  "screen.close": { zh: "取消免登录", en: "screen closed" },
  "display.pair": { zh: "配对显示屏", en: "display paired" },
  "display.join": { zh: "显示屏接入", en: "display joined" },
  "display.rename": { zh: "显示屏改名", en: "display renamed" },
  "display.assign": { zh: "指定显示屏内容", en: "display given a screen" },
  "display.rotate": { zh: "更换显示屏密钥", en: "display secret rotated" },
  "display.withdraw": { zh: "停用显示屏", en: "display withdrawn" },
  "display.refuse": { zh: "拒绝显示屏", en: "display refused" },
  "backup.create": { zh: "备份", en: "backup made" },
  "file.add": { zh: "新增配置文件", en: "file added" },
  "file.change": { zh: "修改配置文件", en: "file changed" },
  "file.remove": { zh: "删除配置文件", en: "file removed" },
  "file.refuse": { zh: "配置文件未被采用", en: "file refused" },
  "backup.restore": { zh: "恢复备份", en: "backup restored" },
};

/** What was done, in words; what has none by its name. */
export const actionText = (lang: Lang, action: string): string => ACTIONS[action]?.[lang] ?? action;

const DETAILS: Record<string, Text> = {
  count: { zh: "次数", en: "times" },
  format: { zh: "格式", en: "format" },
  topics: { zh: "数据项", en: "topics" },
  more: { zh: "其余项数", en: "and more" },
  from: { zh: "从", en: "from" },
  to: { zh: "到", en: "to" },
  since: { zh: "从", en: "from" },
  until: { zh: "至", en: "until" },
  step: { zh: "粒度", en: "step" },
  expires: { zh: "有效至", en: "valid until" },
  addresses: { zh: "地址", en: "addresses" },
  backfill: { zh: "可补传", en: "may backfill" },
  next: { zh: "接替令牌", en: "followed by" },
  tokens: { zh: "令牌数", en: "tokens" },
  by: { zh: "作者", en: "by" },
  made: { zh: "写于", en: "written" },
  district: { zh: "区域", en: "place" },
  metric: { zh: "指标", en: "metric" },
  lines: { zh: "行数", en: "lines" },
  through: { zh: "截至行号", en: "through line" },
  who: { zh: "操作者", en: "who" },
  action: { zh: "操作", en: "what" },
  text: { zh: "文字", en: "text" },
  method: { zh: "方式", en: "way" },
  role: { zh: "角色", en: "role" },
  scopes: { zh: "范围", en: "where" },
  title: { zh: "名称", en: "name" },
  screen: { zh: "大屏", en: "screen" },
  city: { zh: "城市", en: "city" },
  factor: { zh: "验证方式", en: "factor" },
  file: { zh: "文件", en: "file" },
  before: { zh: "原校验值", en: "hash before" },
  after: { zh: "新校验值", en: "hash after" },
  modified: { zh: "文件时间", en: "written" },
  kind: { zh: "种类", en: "kind" },
  moment: { zh: "备份时刻", en: "as it was at" },
  reset: { zh: "重设", en: "reset" },
  disabled: { zh: "停用", en: "disabled" },
  invited: { zh: "邀请者", en: "invited by" },
  why: { zh: "原因", en: "why" },
};

const YES: Record<"true" | "false", Text> = { true: { zh: "是", en: "yes" }, false: { zh: "否", en: "no" } };
/** A moment as the log has it. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** SHA-256, hexadecimal: as many digits as tell one from another. The log's file has all of them. */
const HASH = /^[\da-f]{64}$/;
const HASH_SHOWN = 12;

function valueText(lang: Lang, value: unknown): string {
  if (typeof value === "boolean") return YES[`${value}`][lang];
  if (typeof value === "string" && ISO.test(value)) return secondText(Date.parse(value), lang);
  if (typeof value === "string" && HASH.test(value)) return `${value.slice(0, HASH_SHOWN)}…`;
  return String(value);
}

/** Details of a line, in words. @param detail JSON of an object; what cannot be read is told as it is */
export function detailText(lang: Lang, detail: string): string {
  let told: unknown = null;
  try {
    told = JSON.parse(detail);
  } catch {
    return detail;
  }
  if (typeof told !== "object" || told === null) return detail;
  return Object.entries(told)
    .filter(([name]) => name !== "hash")
    .map(([name, value]) => `${DETAILS[name]?.[lang] ?? name} ${valueText(lang, value)}`)
    .join(" · ");
}
