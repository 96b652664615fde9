import type { Lang, Text } from "@/lib/contract/city";
import type { Permission, Role } from "@/lib/contract/rights";

const WORDS = {
  account: { zh: "我的账号", en: "My account" },
  people: { zh: "人员与权限", en: "People and rights" },
  displays: { zh: "显示屏", en: "Displays" },
  tokens: { zh: "访问令牌", en: "Tokens" },
  audit: { zh: "审计日志", en: "Audit log" },
  signIn: { zh: "登录", en: "Sign in" },
  signOut: { zh: "退出登录", en: "Sign out" },
  signOutFailed: { zh: "未能退出，请重试", en: "Not signed out: try again" },
} as const satisfies Record<string, Text>;

/** Words of the front page's menu of the account. */
export function accountWord(word: keyof typeof WORDS, lang: Lang): string {
  return WORDS[word][lang];
}

const ROLE_NAMES: Record<Role, Text> = {
  viewer: { zh: "查看员", en: "Viewer" },
  operator: { zh: "值班员", en: "Operator" },
  analyst: { zh: "分析员", en: "Analyst" },
  editor: { zh: "编辑员", en: "Editor" },
  administrator: { zh: "管理员", en: "Administrator" },
};

/** What a role is called. */
export function roleName(role: Role, lang: Lang): string {
  return ROLE_NAMES[role][lang];
}

/** Pages that are of use to who may do something, in the order of the menu. */
const OFFICES = ["people", "displays", "tokens", "audit"] as const satisfies readonly (Permission &
  keyof typeof WORDS)[];

/** The pages that somebody's menu leads to, by what he may do. */
export function officesOf(may: readonly Permission[]): (typeof OFFICES)[number][] {
  return OFFICES.filter((office) => may.includes(office));
}
