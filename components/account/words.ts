import type { Role, Scope } from "@/lib/contract/rights";
import type { Lang, Text } from "@/lib/contract/city";
import { ADMIN_PROBLEMS, ADMIN_WORDS } from "./admin-words";
import { FACTOR_PROBLEMS, FACTOR_WORDS } from "./factor-words";

/** Words of the pages about accounts. */
const WORDS = {
  ...FACTOR_WORDS,
  ...ADMIN_WORDS,
  home: { zh: "首页", en: "Front page" },
  signIn: { zh: "登录", en: "Sign in" },
  signOut: { zh: "退出登录", en: "Sign out" },
  signedInAs: { zh: "当前登录", en: "Signed in as" },
  goOn: { zh: "继续", en: "Continue" },
  name: { zh: "账号名", en: "Account name" },
  nameHint: { zh: "登录时输入，不分大小写", en: "Used to sign in; not case-sensitive" },
  title: { zh: "显示名", en: "Display name" },
  password: { zh: "密码", en: "Password" },
  newPassword: { zh: "新密码", en: "New password" },
  currentPassword: { zh: "当前密码", en: "Current password" },
  passwordHint: {
    zh: "至少12个字符，种类不限；几个不相干的词好记又难猜",
    en: "At least 12 characters of any kind; a few unrelated words are easy to remember and hard to guess",
  },
  code: { zh: "验证码", en: "Verification code" },
  codeHint: {
    zh: "此账号已开启第二重验证；有通行密钥时也可用其登录",
    en: "This account asks for a second factor; a passkey does as well",
  },
  openHere: {
    zh: "只有本机能访问此系统，无需登录。",
    en: "Only this machine can reach this installation, so no sign-in is needed.",
  },
  atDisplay: {
    zh: "本机是显示屏：登录后按您的权限显示，用完请退出登录。",
    en: "This browser is a display: once you sign in it shows what you may see, until you sign out.",
  },
  noAccount: { zh: "尚未用账号登录。", en: "You are not signed in with an account." },
  account: { zh: "我的账号", en: "My account" },
  role: { zh: "角色", en: "Role" },
  where: { zh: "范围", en: "Scope" },
  everywhere: { zh: "全部城市", en: "Every city" },
  wholeCity: { zh: "全市", en: "Entire city" },
  changePassword: { zh: "修改密码", en: "Change password" },
  passwordSet: {
    zh: "新密码已生效，其他登录已全部退出。",
    en: "The new password is in effect; all other sign-ins have ended.",
  },
  sessions: { zh: "已登录的浏览器", en: "Signed-in browsers" },
  thisOne: { zh: "本次登录", en: "this one" },
  began: { zh: "登录于", en: "signed in" },
  lastUsed: { zh: "最近使用", en: "last used" },
  endOne: { zh: "退出", en: "Sign out" },
  endOthers: { zh: "退出其他全部登录", en: "Sign out everywhere else" },
  oneTimeLink: { zh: "一次性链接", en: "One-time link" },
  invitation: { zh: "创建账号", en: "Create your account" },
  reset: { zh: "设置新密码", en: "Set a new password" },
  createAccount: { zh: "创建并登录", en: "Create account and sign in" },
  setPassword: { zh: "设置并登录", en: "Set password and sign in" },
  holdsUntil: { zh: "链接有效至", en: "The link is valid until" },
  noSecret: {
    zh: "链接不完整，请完整复制后再打开。",
    en: "The link is incomplete: copy all of it and open it again.",
  },
  gone: {
    zh: "链接已使用、已过期或已撤回。请向管理员索取新的链接。",
    en: "The link was used, has expired or was withdrawn. Ask your administrator for a new one.",
  },
  people: { zh: "人员与权限", en: "People and rights" },
  invite: { zh: "邀请", en: "Invite" },
  inviteHint: {
    zh: "生成一次性链接交给对方，由对方自己设置账号名和密码。",
    en: "Creates a one-time link; whoever receives it chooses an account name and a password.",
  },
  makeLink: { zh: "生成链接", en: "Create link" },
  linkOnce: {
    zh: "链接只显示这一次，使用一次即失效。请经可靠途径交给本人。",
    en: "The link is shown only now and works once. Hand it over through a channel you trust.",
  },
  copy: { zh: "复制", en: "Copy" },
  copied: { zh: "已复制", en: "Copied" },
  close: { zh: "收起", en: "Close" },
  change: { zh: "修改", en: "Edit" },
  save: { zh: "保存", en: "Save" },
  disable: { zh: "停用", en: "Disable" },
  enable: { zh: "启用", en: "Enable" },
  disabled: { zh: "已停用", en: "disabled" },
  resetLink: { zh: "重设密码链接", en: "Password reset link" },
  resetHint: {
    zh: "用重设链接设置新密码后，原有登录全部退出，第二重验证一并清除。",
    en: "When a reset link is used, all sign-ins of the account end and its second factors are removed.",
  },
  never: { zh: "未登录", en: "not signed in" },
  openLinks: { zh: "未使用的链接", en: "Unused links" },
  forNew: { zh: "新账号", en: "New account" },
  forReset: { zh: "重设密码", en: "Password reset for" },
  madeBy: { zh: "生成者", en: "created by" },
  until: { zh: "有效至", en: "valid until" },
  takeBack: { zh: "撤回", en: "Withdraw" },
  openScreens: { zh: "免登录大屏", en: "Screens open to everybody" },
  openHint: {
    zh: "任何能访问此系统的人无需登录即可看到这些大屏上的全部内容。",
    en: "Anybody who can reach this installation sees everything on these screens without signing in.",
  },
  noneOpen: { zh: "暂无免登录的大屏。", en: "No screen is open." },
  open: { zh: "设为免登录", en: "Open screen" },
  closeScreen: { zh: "取消免登录", en: "Require sign-in" },
  screen: { zh: "大屏", en: "Screen" },
  secondFactor: { zh: "第二重验证", en: "second factor" },
  elsewhere: { zh: "统一身份登录", en: "single sign-on" },
} as const satisfies Record<string, Text>;
export type Word = keyof typeof WORDS;

export const word = (lang: Lang, name: Word): string => WORDS[name][lang];

export const ROLE_WORDS: Record<Role, { name: Text; says: Text }> = {
  viewer: { name: { zh: "查看员", en: "Viewer" }, says: { zh: "只查看", en: "views only" } },
  operator: {
    name: { zh: "值班员", en: "Operator" },
    says: { zh: "查看、写标注、管理显示屏", en: "views, writes notes, manages displays" },
  },
  analyst: {
    name: { zh: "分析员", en: "Analyst" },
    says: { zh: "查看、写标注、导出数据", en: "views, writes notes, exports data" },
  },
  editor: {
    name: { zh: "编辑员", en: "Editor" },
    says: { zh: "查看、写标注、导出数据、编排大屏", en: "views, writes notes, exports data, edits screens" },
  },
  administrator: {
    name: { zh: "管理员", en: "Administrator" },
    says: { zh: "全部权限，包括人员、令牌和审计", en: "everything, including people, tokens and audit" },
  },
};

/** What a refusal means, by its code and the field that it names. */
const PROBLEMS: Record<string, Text> = {
  ...ADMIN_PROBLEMS,
  ...FACTOR_PROBLEMS,
  "sign-in-refused": { zh: "账号名或密码不正确。", en: "The account name or the password is wrong." },
  "second-factor code": { zh: "验证码不正确或已使用。", en: "The code is wrong or has been used." },
  "bad-parameter password": {
    zh: "密码太短或太容易猜到：常用密码、键盘连排、重复内容和账号名都会最先被试。",
    en: "The password is too short or too easy to guess: common ones, keyboard rows, repetitions and the name are tried first.",
  },
  "bad-parameter name": {
    zh: "账号名只能用文字、数字和 . _ @ -，以文字或数字开头，最多64个字符。",
    en: "Use letters, digits and . _ @ - only, starting with a letter or digit, at most 64 characters.",
  },
  "bad-parameter title": { zh: "显示名须为1到80个字符。", en: "The display name must have 1 to 80 characters." },
  "bad-parameter scopes": { zh: "请至少选择1个城市。", en: "Choose at least one city." },
  "taken name": { zh: "此账号名已被使用。", en: "This account name is already in use." },
  "no-right current": { zh: "当前密码不正确。", en: "The current password is wrong." },
  "no-right scopes": { zh: "不能授予自己没有的范围。", en: "You cannot grant a scope that you do not have." },
  refused: {
    zh: "至少须有1名启用的管理员，范围为全部城市；请先指定另1名。",
    en: "At least one enabled administrator of every city is required: appoint another first.",
  },
  "not-there": { zh: "已不存在。", en: "It no longer exists." },
  "sign-in": { zh: "登录已结束，请重新登录。", en: "Your sign-in has ended: sign in again." },
  "no-right": { zh: "暂无此项权限。", en: "You do not have this right." },
  "control-away": {
    zh: "账号服务暂时中断，请稍后再试。",
    en: "Accounts are temporarily unavailable. Try again shortly.",
  },
  unreachable: { zh: "暂时连接不上，请稍后再试。", en: "The server cannot be reached. Try again shortly." },
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
    return lang === "zh" ? `尝试次数过多，请 ${wait} 秒后再试。` : `Too many attempts: try again in ${wait} s.`;
  const [root] = (field ?? "").split("[");
  const told = PROBLEMS[`${code} ${root}`] ?? PROBLEMS[code];
  if (told) return told[lang];
  return lang === "zh" ? `未能完成（${code}）。` : `It could not be done (${code}).`;
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
