import type { Text } from "@/lib/contract/city";

/** Words about second factors, passkeys and the site's own issuer of identities. */
export const FACTOR_WORDS = {
  or: { zh: "或", en: "or" },
  withPasskey: { zh: "使用通行密钥登录", en: "Sign in with a passkey" },
  withIssuer: { zh: "使用统一身份登录：", en: "Sign in with" },
  codes: { zh: "动态验证码", en: "Codes from an app" },
  codesOn: { zh: "用密码登录时还需输入验证码。", en: "A code is asked for besides your password." },
  codesOff: {
    zh: "启用后，用密码登录时还需输入手机验证器应用上的六位数字，密码泄露也进不来。",
    en: "With them your password alone is not enough: an app on your phone shows six digits that are asked for as well.",
  },
  codesElsewhere: {
    zh: "此账号由统一身份系统登录，密码和第二重验证都在那里设置。",
    en: "Another system signs you in: your password and your second factors are kept there.",
  },
  setUp: { zh: "启用", en: "Set up" },
  turnOff: { zh: "停用", en: "Turn off" },
  next: { zh: "下一步", en: "Next" },
  confirm: { zh: "确认启用", en: "Turn on" },
  scan: {
    zh: "用验证器应用扫描，再输入应用上显示的六位数字。",
    en: "Scan this with an authenticator app, then type the six digits that it shows.",
  },
  qrCode: { zh: "二维码", en: "QR code" },
  byHand: { zh: "无法扫描时手动输入密钥", en: "Or type this key into the app" },
  sixDigits: { zh: "六位验证码", en: "Six digits" },
  codesLost: {
    zh: "手机遗失时请管理员发“重设密码链接”。",
    en: "If you lose the phone, an administrator makes you a reset link.",
  },
  passkeys: { zh: "通行密钥", en: "Passkeys" },
  passkeysSay: {
    zh: "用本机的指纹、面容、PIN 或安全密钥登录，不需要密码和验证码。",
    en: "Sign in by fingerprint, face, PIN or a security key: no password and no code is needed.",
  },
  passkeysNeedName: {
    zh: "通行密钥须通过 HTTPS 和域名访问时使用；当前地址不支持。",
    en: "Passkeys need a name and HTTPS: they cannot be used under this address.",
  },
  addPasskey: { zh: "添加通行密钥", en: "Add a passkey" },
  passkeyTitle: { zh: "名称", en: "What it is called" },
  added: { zh: "添加于", en: "added" },
  notUsed: { zh: "未使用过", en: "not used yet" },
  remove: { zh: "删除", en: "Remove" },
  mappings: { zh: "统一身份的权限对应", en: "Rights by claims of" },
  mappingsSay: {
    zh: "登录时取对应到的最高角色及其范围；没有对应的人不能登录。删除一条，经此登录的人须重新登录。",
    en: "Whoever signs in gets the highest role that fits; nobody else gets in. Removing one signs out all who came this way.",
  },
  noMappings: { zh: "还没有对应，无人能经统一身份登录。", en: "There are none yet, so nobody gets in this way." },
  addMapping: { zh: "添加对应", en: "Add one" },
  claim: { zh: "声明名", en: "Claim" },
  claimHint: {
    zh: "如 groups，或嵌套的 realm_access.roles",
    en: "Such as groups, or realm_access.roles within another",
  },
  claimValue: { zh: "值", en: "Value" },
  add: { zh: "添加", en: "Add" },
} as const satisfies Record<string, Text>;

/** What a refusal about them means, by its code and the field that it names. */
export const FACTOR_PROBLEMS: Record<string, Text> = {
  "sign-in-refused passkey": {
    zh: "此通行密钥在这里无效。",
    en: "This passkey does not count here.",
  },
  "bad-parameter code": {
    zh: "验证码不正确；请确认手机时间准确。",
    en: "The code is wrong; is the clock of your phone right?",
  },
  "no-right code": { zh: "验证码不正确。", en: "The code is wrong." },
  "not-there offer": { zh: "已过期，请重新开始。", en: "It took too long: begin again." },
  "refused totp": { zh: "验证码已启用。", en: "Codes are asked for already." },
  "refused passkeys": {
    zh: "通行密钥已达 20 个，请先删除一个。",
    en: "There are 20 passkeys already: remove one first.",
  },
  "taken response": { zh: "此通行密钥已添加过。", en: "This passkey is here already." },
  "taken value": { zh: "此对应已存在。", en: "There is this one already." },
  "passkey-cancelled": { zh: "未完成，请重试。", en: "It was not finished. Try again." },
  "passkey-known": { zh: "这台设备上已有此账号的通行密钥。", en: "This device has a passkey of yours already." },
  "issuer-away": {
    zh: "统一身份系统暂时连接不上，请稍后再试。",
    en: "The system that signs you in cannot be reached. Try again soon.",
  },
  "issuer-refused": {
    zh: "统一身份登录没有完成，请重试。",
    en: "The other system did not sign you in. Try again.",
  },
  "issuer-unknown": {
    zh: "您的身份在这里没有对应权限，请联系管理员。",
    en: "You have no rights here. Ask your administrator.",
  },
};
