import type { Role, Scope } from "@/lib/contract/rights";
import type { Lang, Text } from "@/lib/contract/city";

/** Words of the pages about accounts. */
const WORDS = {
  home: { zh: "首页", en: "Front page" },
  signIn: { zh: "登录", en: "Sign in" },
  signOut: { zh: "退出登录", en: "Sign out" },
  signedInAs: { zh: "当前登录", en: "Signed in as" },
  goOn: { zh: "继续", en: "Go on" },
  name: { zh: "账号名", en: "Account name" },
  nameHint: { zh: "登录时输入，不分大小写", en: "What you type to sign in; capitals do not matter" },
  title: { zh: "显示名", en: "Name shown to others" },
  password: { zh: "密码", en: "Password" },
  newPassword: { zh: "新密码", en: "New password" },
  currentPassword: { zh: "当前密码", en: "Current password" },
  passwordHint: {
    zh: "至少 12 个字符，种类不限；几个不相干的词最好记也最安全",
    en: "At least 12 characters of any kind; a few unrelated words are easy to keep and hard to guess",
  },
  code: { zh: "验证码", en: "Code" },
  codeHint: { zh: "此账号还需第二重验证", en: "This account has a second factor" },
  openHere: {
    zh: "只有本机能访问此系统，无需登录。",
    en: "Only this machine reaches this installation, so nobody has to sign in.",
  },
  noAccount: { zh: "没有登录账号。", en: "You are not signed in with an account." },
  account: { zh: "我的账号", en: "My account" },
  rights: { zh: "权限", en: "Rights" },
  role: { zh: "角色", en: "Role" },
  where: { zh: "范围", en: "Where" },
  everywhere: { zh: "全部城市", en: "Every city" },
  chosenPlaces: { zh: "指定地方", en: "Chosen places" },
  wholeCity: { zh: "全市", en: "All of it" },
  changePassword: { zh: "修改密码", en: "Change password" },
  passwordSet: {
    zh: "新密码已生效，其他登录已全部退出。",
    en: "The new password holds from now on; every other sign-in has ended.",
  },
  sessions: { zh: "登录记录", en: "Sign-ins" },
  thisOne: { zh: "本次登录", en: "this one" },
  began: { zh: "登录于", en: "since" },
  lastUsed: { zh: "最近使用", en: "last used" },
  endOne: { zh: "退出", en: "End" },
  endOthers: { zh: "退出其他全部登录", en: "End all others" },
  oneTimeLink: { zh: "一次性链接", en: "One-time link" },
  invitation: { zh: "建立账号", en: "Make your account" },
  reset: { zh: "设置新密码", en: "Set a new password" },
  createAccount: { zh: "建立并登录", en: "Make it and sign in" },
  setPassword: { zh: "设置并登录", en: "Set it and sign in" },
  holdsUntil: { zh: "链接有效至", en: "The link works until" },
  noSecret: { zh: "链接不完整，请完整复制后再打开。", en: "The link is not whole: copy all of it and open it again." },
  gone: {
    zh: "链接已用过、已过期或已撤回。请向管理员再要一个。",
    en: "The link was used, is over or was taken back. Ask your administrator for another.",
  },
  people: { zh: "人员与权限", en: "People and rights" },
  invite: { zh: "邀请", en: "Invite" },
  inviteHint: {
    zh: "生成一次性链接，交给对方后由对方自己设置账号名和密码。",
    en: "Makes a link that works once; whoever you give it to chooses name and password.",
  },
  makeLink: { zh: "生成链接", en: "Make the link" },
  linkOnce: {
    zh: "此链接只显示这一次，用一次即失效。请经可靠途径交给本人。",
    en: "This link is shown this once and works once. Hand it over in a way you trust.",
  },
  copy: { zh: "复制", en: "Copy" },
  copied: { zh: "已复制", en: "Copied" },
  close: { zh: "收起", en: "Close" },
  change: { zh: "修改", en: "Change" },
  save: { zh: "保存", en: "Save" },
  disable: { zh: "停用", en: "Disable" },
  enable: { zh: "启用", en: "Enable" },
  disabled: { zh: "已停用", en: "disabled" },
  resetLink: { zh: "重设密码链接", en: "Reset link" },
  resetHint: {
    zh: "对方用它设置新密码；原有登录全部退出，第二重验证一并清除。",
    en: "With it a new password is set; all sign-ins end, and second factors are taken away.",
  },
  never: { zh: "未登录", en: "not signed in" },
  openLinks: { zh: "未使用的链接", en: "Links not used yet" },
  forNew: { zh: "新账号", en: "New account" },
  forReset: { zh: "重设密码", en: "New password for" },
  madeBy: { zh: "生成者", en: "made by" },
  until: { zh: "有效至", en: "until" },
  takeBack: { zh: "撤回", en: "Take back" },
  openScreens: { zh: "免登录大屏", en: "Screens open to everybody" },
  openHint: {
    zh: "任何能访问此系统的人无需登录即可看到这些大屏上的全部内容。",
    en: "Whoever reaches this installation sees all that is on these screens without signing in.",
  },
  noneOpen: { zh: "没有免登录的大屏。", en: "No screen is open." },
  open: { zh: "设为免登录", en: "Open it" },
  closeScreen: { zh: "取消", en: "Close it" },
  screen: { zh: "大屏", en: "Screen" },
  secondFactor: { zh: "第二重验证", en: "second factor" },
  elsewhere: { zh: "统一身份登录", en: "signs in by another system" },
} as const satisfies Record<string, Text>;
export type Word = keyof typeof WORDS;

export const word = (lang: Lang, name: Word): string => WORDS[name][lang];

export const ROLE_WORDS: Record<Role, { name: Text; says: Text }> = {
  viewer: { name: { zh: "查看员", en: "Viewer" }, says: { zh: "只看", en: "looks" } },
  operator: {
    name: { zh: "值班员", en: "Operator" },
    says: { zh: "查看、写备注、管理显示屏", en: "looks, writes notes, looks after displays" },
  },
  analyst: {
    name: { zh: "分析员", en: "Analyst" },
    says: { zh: "查看、写备注、导出数据", en: "looks, writes notes, exports" },
  },
  editor: {
    name: { zh: "编辑员", en: "Editor" },
    says: { zh: "分析员权限，并可编排大屏", en: "does what an analyst does, and lays out screens" },
  },
  administrator: {
    name: { zh: "管理员", en: "Administrator" },
    says: { zh: "全部权限，包括人员、令牌和审计", en: "does everything, people, tokens and audit included" },
  },
};

/** What a refusal means, by its code and the field that it names. */
const PROBLEMS: Record<string, Text> = {
  "sign-in-refused": { zh: "账号名或密码不正确。", en: "Name or password is wrong." },
  "second-factor code": { zh: "验证码不正确。", en: "The code is wrong." },
  "bad-parameter password": {
    zh: "密码太短或太容易猜到：常用密码、键盘连排、重复或含账号名都会最先被试。",
    en: "The password is too short or too easy to guess: common ones, rows of keys, repetitions and the name are tried first.",
  },
  "bad-parameter name": {
    zh: "账号名只能用文字、数字和 . _ @ -，并以文字或数字开头，最多 64 个字符。",
    en: "A name has letters, digits and . _ @ - alone, begins with a letter or digit, and has at most 64 characters.",
  },
  "bad-parameter title": { zh: "显示名须为 1 到 80 个字符。", en: "The shown name must have 1 to 80 characters." },
  "bad-parameter scopes": { zh: "请至少选择一个城市。", en: "Choose a city at least." },
  "taken name": { zh: "此账号名已有人使用。", en: "Somebody else has this name." },
  "no-right current": { zh: "当前密码不正确。", en: "The current password is wrong." },
  "no-right scopes": { zh: "不能授予自己没有的范围。", en: "You can give no place that you do not have yourself." },
  refused: {
    zh: "必须始终保留一名启用的、范围为全部城市的管理员；请先指定另一名。",
    en: "Somebody has to administer every city: make another administrator first.",
  },
  "not-there": { zh: "已不存在。", en: "It is not there any more." },
  "sign-in": { zh: "登录已结束，请重新登录。", en: "Your sign-in has ended: sign in again." },
  "no-right": { zh: "没有此项权限。", en: "You have no right to this." },
  "control-away": {
    zh: "账号服务暂不可用，请稍后再试。",
    en: "Accounts cannot be looked at just now. Try again soon.",
  },
  unreachable: { zh: "暂时连接不上，请稍后再试。", en: "The gateway cannot be reached. Try again soon." },
};

/** A refusal of the API as a page tells it. */
export interface Refusal {
  code: string;
  field?: string;
  /** seconds to wait */
  wait?: number;
}

/** A refusal in words. What nobody foresaw is told by its code. */
export function refusalText(lang: Lang, { code, field, wait }: Refusal): string {
  if (wait !== undefined && code === "too-many-requests")
    return lang === "zh" ? `尝试次数过多，请 ${wait} 秒后再试。` : `Too many tries: try again in ${wait} s.`;
  const [root] = (field ?? "").split("[");
  const told = PROBLEMS[`${code} ${root}`] ?? PROBLEMS[code];
  if (told) return told[lang];
  return lang === "zh" ? `未能完成（${code}）。` : `It could not be done (${code}).`;
}

const WHO: Record<string, Text> = {
  account: { zh: "账号", en: "account" },
  display: { zh: "显示屏", en: "display" },
  command: { zh: "命令行", en: "command" },
  local: { zh: "本机", en: "this machine" },
  start: { zh: "启动程序", en: "the start" },
};

/** Who did something, as the audit log has it, in the reader's language. */
export function whoText(lang: Lang, who: string): string {
  const [kind = "", ...name] = who.split(" ");
  const told = WHO[kind];
  return told ? [told[lang], ...name].join(" ") : who;
}

/** What a place is called; its own code where that is not known. */
export type PlaceNames = (city: string, district?: string) => string;

/** Where rights hold, in words. */
export function scopesText(lang: Lang, scopes: readonly Scope[], nameOf: PlaceNames): string {
  const one = ({ city, districts }: Scope): string => {
    if (city === "*") return word(lang, "everywhere");
    if (districts === "*") return nameOf(city);
    const places = districts.map((code) => nameOf(city, code));
    return lang === "zh" ? `${nameOf(city)}（${places.join("、")}）` : `${nameOf(city)} (${places.join(", ")})`;
  };
  return scopes.map(one).join(lang === "zh" ? "；" : "; ");
}
