import type { Lang, Text } from "@/lib/contract/city";
import type { ProblemCode } from "@/lib/contract/api/problem";
import type { DisplayState } from "./display-state";

const WORDS = {
  home: { zh: "首页", en: "Home" },
  title: { zh: "显示屏", en: "Displays" },
  pair: { zh: "配对", en: "Pair" },
  pairTitle: { zh: "配对新屏", en: "Pair a display" },
  pairHow: {
    zh: "在要配对的屏上打开 /pair，屏上会显示一个配对码。",
    en: "Open /pair on the display, which then shows a code.",
  },
  code: { zh: "配对码", en: "Code" },
  name: { zh: "名称", en: "Name" },
  place: { zh: "地区", en: "Place" },
  screen: { zh: "大屏", en: "Screen" },
  state: { zh: "状态", en: "State" },
  heard: { zh: "最近联络", en: "Last heard" },
  painted: { zh: "最近绘制", en: "Last paint" },
  version: { zh: "版本", en: "Version" },
  health: { zh: "运行情况", en: "Health" },
  address: { zh: "地址", en: "Address" },
  since: { zh: "已配对", en: "Paired for" },
  actions: { zh: "操作", en: "Actions" },
  change: { zh: "修改", en: "Change" },
  save: { zh: "保存", en: "Save" },
  cancel: { zh: "取消", en: "Cancel" },
  withdraw: { zh: "停用", en: "Withdraw" },
  willGo: {
    zh: "此屏会立即变黑，要重新配对才能再用。",
    en: "It goes black at once, and has to be paired anew to be used again.",
  },
  none: { zh: "还没有配对的显示屏", en: "No display has been paired yet" },
  gone: { zh: "最近停用", en: "Withdrawn lately" },
  away: { zh: "连接不上服务器，以下为之前的情况", en: "The gateway cannot be reached; this is how it was before" },
  loading: { zh: "正在获取…", en: "Loading…" },
  behind: { zh: "旧版", en: "older pages" },
  unplugged: { zh: "实时数据未接通", en: "no live readings" },
  faults: { zh: "绘制故障", en: "drawing faults" },
  skipped: { zh: "跳帧", en: "frames skipped" },
  fine: { zh: "正常", en: "Good" },
  lost: { zh: "此屏已不存在", en: "This display is not there any more" },
  done: { zh: "已配对，此屏正在打开大屏", en: "Paired, it is opening its wall" },
  turn: { zh: "English", en: "中文" },
} as const satisfies Record<string, Text>;
export type DisplayWord = keyof typeof WORDS;

/** A word of the page, in its language. */
export const word = (lang: Lang, name: DisplayWord): string => WORDS[name][lang];

const STATES = {
  live: { zh: "在线", en: "Online" },
  silent: { zh: "失联", en: "Silent" },
  dark: { zh: "画面停住", en: "Not drawing" },
  cut: { zh: "数据中断", en: "No live readings" },
  waiting: { zh: "等待接入", en: "Not come yet" },
  withdrawn: { zh: "已停用", en: "Withdrawn" },
} as const satisfies Record<DisplayState, Text>;

/** How a display stands, in a word. */
export const stateWord = (lang: Lang, state: DisplayState): string => STATES[state][lang];

/** What is asked before a display is withdrawn. */
export const withdrawWords = (lang: Lang, title: string): string =>
  lang === "zh" ? `停用“${title}”？` : `Withdraw "${title}"?`;

/** Where something is named twice, and which one is meant. */
export const ofDisplay = (lang: Lang, name: "change" | "withdraw", title: string): string =>
  lang === "zh" ? `${word(lang, name)}：${title}` : `${word(lang, name)}: ${title}`;

const TRY_AGAIN = { zh: "没有成功，请重试", en: "It did not work, try again" };
const SAID = new Map<string | undefined, Text>(
  Object.entries({
    "not-there": { zh: "没有屏显示此码，可能已过期", en: "No display shows this code now, it may have ended" },
    taken: { zh: "已有同名的显示屏", en: "There is a display of this name already" },
    "too-many-requests": { zh: "试错过多，请过一会儿再试", en: "Too many tries, wait some minutes" },
    "no-right": { zh: "无权管理此地区的显示屏", en: "No right to the displays of this place" },
    "unknown-city": { zh: "没有此地区", en: "There is no such place" },
    "unknown-screen": { zh: "没有此大屏", en: "There is no such screen" },
    "control-away": { zh: "服务暂时没有响应，请稍后重试", en: "Not available just now, try again soon" },
    "sign-in": { zh: "登录已失效，请重新登录", en: "Sign in again" },
  } satisfies Partial<Record<ProblemCode, Text>>),
);
const WRONG = new Map<string | undefined, Text>(
  Object.entries({
    code: { zh: "应为屏上显示的8个字母", en: "It has to be the eight letters that the display shows" },
    title: { zh: "应为1至60个字符", en: "It has to be 1 to 60 characters" },
  }),
);

/** What the gateway refused, in the page's language. @param field the member that was wrong */
export function refusalWords(lang: Lang, code: string | undefined, field: string | undefined): string {
  if (code === "not-there" && field === "id") return word(lang, "lost");
  const said = SAID.get(code) ?? (code === "bad-parameter" ? WRONG.get(field) : undefined);
  return (said ?? TRY_AGAIN)[lang];
}
