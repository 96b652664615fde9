import type { Lang, Text } from "@/lib/contract/city";
import type { Demand } from "@/lib/contract/sign-in-policy";

/** Words about second factors, passkeys and the site's own issuer of identities. */
export const FACTOR_WORDS = {
  or: { zh: "或", en: "or" },
  withPasskey: { zh: "使用通行密钥登录", en: "Sign in with a passkey" },
  withIssuer: { zh: "统一身份登录：", en: "Sign in with" },
  codes: { zh: "动态验证码", en: "Authenticator app" },
  codesOn: { zh: "用密码登录时还需输入验证码。", en: "Signing in with your password also asks for a code." },
  codesOff: {
    zh: "启用后，用密码登录时还需输入验证器应用显示的6位数字，即使密码泄露，他人也无法登录。",
    en: "Signing in then also asks for six digits from an app on your phone, so that a leaked password alone is of no use.",
  },
  codesElsewhere: {
    zh: "此账号由统一身份系统登录，密码和第二重验证均在该系统设置。",
    en: "You sign in through another system: change your password and second factors there.",
  },
  setUp: { zh: "启用", en: "Set up" },
  setUpAgain: { zh: "更换手机", en: "Set up another phone" },
  lastFactor: {
    zh: "本系统要求第二重验证，须至少保留1种。",
    en: "A second factor is required here, so the last one cannot be removed.",
  },
  turnOff: { zh: "停用", en: "Turn off" },
  next: { zh: "下一步", en: "Next" },
  confirm: { zh: "确认启用", en: "Turn on" },
  scan: {
    zh: "用验证器应用扫描，再输入应用显示的6位数字。",
    en: "Scan this with an authenticator app, then type the six digits it shows.",
  },
  qrCode: { zh: "二维码", en: "QR code" },
  byHand: { zh: "无法扫描时，手动输入密钥", en: "Or type this key into the app" },
  sixDigits: { zh: "6位验证码", en: "Six-digit code" },
  codesLost: {
    zh: "手机遗失时，可用恢复码登录；没有恢复码时，请管理员生成重设密码链接。",
    en: "If you lose your phone, sign in with a recovery code; without one, ask an administrator for a reset link.",
  },
  passkeys: { zh: "通行密钥", en: "Passkeys" },
  passkeysSay: {
    zh: "用指纹、面容、PIN 或安全密钥登录，无需密码和验证码。",
    en: "Sign in with fingerprint, face, PIN or a security key, without a password or code.",
  },
  passkeysNeedName: {
    zh: "通行密钥须经域名和 HTTPS 访问，当前网址不支持。",
    en: "Passkeys need a domain name and HTTPS, which this address does not have.",
  },
  addPasskey: { zh: "添加通行密钥", en: "Add a passkey" },
  passkeyTitle: { zh: "名称", en: "Name of the passkey" },
  added: { zh: "添加于", en: "added" },
  notUsed: { zh: "未使用过", en: "not used yet" },
  remove: { zh: "删除", en: "Remove" },
  recovery: { zh: "恢复码", en: "Recovery codes" },
  recoverySay: {
    zh: "手机或通行密钥遗失时，用密码加1个恢复码登录。每个恢复码只能使用1次。",
    en: "If you lose your phone or passkey, sign in with your password and one of these codes. Each works once.",
  },
  makeRecovery: { zh: "生成恢复码", en: "Create codes" },
  makeRecoveryAgain: { zh: "重新生成", en: "Replace codes" },
  recoveryDie: { zh: "原有恢复码随即失效。", en: "The codes that you have stop working." },
  recoveryOnce: {
    zh: "恢复码只显示这一次。请打印或抄写后妥善保管，不要与密码放在一起。",
    en: "The codes are shown only now. Print them or write them down, and store them apart from your password.",
  },
  recoveryCode: { zh: "恢复码", en: "Recovery code" },
  recoveryHint: { zh: "12个字母，每个恢复码只能使用1次", en: "Twelve letters; each code works once" },
  withRecovery: { zh: "改用恢复码", en: "Use a recovery code" },
  withCode: { zh: "改用验证码", en: "Use a code from the app" },
  enrol: { zh: "请先设置第二重验证", en: "Set up a second factor first" },
  enrolSay: {
    zh: "本系统要求登录时除密码外再验证一次身份。请设置动态验证码或通行密钥，完成后即可继续使用。",
    en: "This installation asks for more than a password. Set up an authenticator app or a passkey to continue.",
  },
  enrolled: { zh: "第二重验证已设置", en: "Your second factor is set up" },
  enrolledSay: {
    zh: "建议在下方生成恢复码并妥善保管，以备手机或通行密钥遗失。",
    en: "Create recovery codes below and store them safely, in case you lose your phone or passkey.",
  },
  policy: { zh: "登录要求", en: "Sign-in policy" },
  policySay: {
    zh: "要求第二重验证后，尚未设置者登录后须先设置，才能使用其他功能；统一身份登录由该系统负责验证。",
    en: "Those who have no second factor must set one up before anything else. Single sign-on follows that system's rules.",
  },
  policyWhom: { zh: "须第二重验证", en: "Second factor required for" },
  policySet: { zh: "已保存，立即生效。", en: "Saved; it applies from now on." },
  mappings: { zh: "统一身份权限映射", en: "Rights by identity claims" },
  mappingsSay: {
    zh: "登录时授予匹配到的最高角色及其范围，未匹配者不能登录。删除映射后，经此登录的人须重新登录。",
    en: "Signing in grants the highest role that matches; without a match nobody gets in. Removing one signs these people out.",
  },
  noMappings: { zh: "暂无映射，无人能经统一身份登录。", en: "There are none yet, so nobody can sign in this way." },
  addMapping: { zh: "添加映射", en: "Add a mapping" },
  claim: { zh: "声明名", en: "Claim" },
  claimHint: { zh: "如 groups，嵌套的写作 realm_access.roles", en: "Such as groups, or realm_access.roles if nested" },
  claimValue: { zh: "值", en: "Value" },
  add: { zh: "添加", en: "Add" },
} as const satisfies Record<string, Text>;

/** How many recovery codes were not used yet. */
export function recoveryLeftText(lang: Lang, left: number): string {
  if (left === 0) return lang === "zh" ? "尚无可用的恢复码" : "You have no unused codes";
  return lang === "zh" ? `剩余${left}个` : `${left} left`;
}

/** Whom a second factor is demanded of. */
export const DEMAND_WORDS: Record<Demand, Text> = {
  nobody: { zh: "不要求", en: "Nobody" },
  editors: { zh: "管理员和编辑员", en: "Administrators and editors" },
  everybody: { zh: "所有人", en: "Everybody" },
};

/** What a refusal about them means, by its code and the field that it names. */
export const FACTOR_PROBLEMS: Record<string, Text> = {
  "sign-in-refused passkey": {
    zh: "此通行密钥在本系统无效。",
    en: "This passkey is not valid here.",
  },
  "bad-parameter code": {
    zh: "验证码不正确；请确认手机时间准确。",
    en: "The code is wrong. Check that the clock of your phone is right.",
  },
  "no-right code": { zh: "验证码不正确。", en: "The code is wrong." },
  "not-there offer": { zh: "已过期，请重新开始。", en: "This has expired: start again." },
  "not-there response": { zh: "已过期，请重试。", en: "This has expired. Try again." },
  "bad-parameter response": { zh: "通行密钥未通过验证，请重试。", en: "The passkey could not be verified. Try again." },
  "refused factor": {
    zh: "请先设置另一种第二重验证。",
    en: "Set up another second factor first.",
  },
  "refused secondFactor": {
    zh: "请先为自己的账号设置第二重验证并用其登录，以免无法登录。",
    en: "Set up a second factor for your own account and sign in with it first, so that you are not locked out.",
  },
  "second-factor-needed": { zh: "请先设置第二重验证。", en: "Set up a second factor first." },
  "issuer-one-factor": {
    zh: "本系统要求第二重验证，而统一身份系统只验证了密码，请联系管理员。",
    en: "A second factor is required here, but the identity system checked a password alone. Contact your administrator.",
  },
  "refused passkeys": { zh: "通行密钥已达20个，请先删除1个。", en: "You already have 20 passkeys: remove one first." },
  "taken response": { zh: "此通行密钥已添加过。", en: "This passkey has already been added." },
  "taken value": { zh: "此映射已存在。", en: "This mapping already exists." },
  "passkey-cancelled": { zh: "未完成，请重试。", en: "This was not completed. Try again." },
  "passkey-known": { zh: "此设备已有本账号的通行密钥。", en: "This device already has a passkey for your account." },
  "issuer-away": {
    zh: "统一身份系统暂时连接不上，请稍后再试。",
    en: "The identity system cannot be reached. Try again shortly.",
  },
  "issuer-refused": {
    zh: "统一身份登录未完成，请重试。",
    en: "Signing in through the identity system was not completed. Try again.",
  },
  "issuer-unknown": {
    zh: "您的身份在本系统没有对应权限，请联系管理员。",
    en: "Your identity has no rights here. Contact your administrator.",
  },
};
