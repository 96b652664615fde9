import type { Lang, Text } from "@/lib/contract/city";

const WHO: Record<string, Text> = {
  account: { zh: "账号", en: "account" },
  display: { zh: "显示屏", en: "display" },
  command: { zh: "命令行", en: "command" },
  local: { zh: "本机", en: "this machine" },
  start: { zh: "启动程序", en: "startup" },
  issuer: { zh: "统一身份系统", en: "identity system" },
  token: { zh: "令牌", en: "token" },
  anonymous: { zh: "未登录者", en: "not signed in" },
  owner: { zh: "文件所有者", en: "file owner" },
  "file-system": { zh: "文件系统", en: "file system" },
  others: { zh: "其余合计", en: "others together" },
  retention: { zh: "保存期限", en: "retention" },
};

/** Who did something, as the audit log has it, in the reader's language. */
export function whoText(lang: Lang, who: string): string {
  const [kind = "", ...name] = who.split(" ");
  const told = WHO[kind];
  return told ? [told[lang], ...name].join(" ") : who;
}
