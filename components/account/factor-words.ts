import type { Text } from "@/lib/contract/city";

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
    zh: "手机遗失时，请管理员生成重设密码链接。",
    en: "If you lose your phone, ask an administrator for a reset link.",
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
  "refused totp": { zh: "验证码已启用。", en: "Codes are already in use." },
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
