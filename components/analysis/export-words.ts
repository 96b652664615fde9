import type { Lang, Text } from "@/lib/contract/city";

/** How a file that was asked for stands. `again`: seconds after which it may be asked for again, where that is known. */
export type Export =
  | { phase: "none" }
  | { phase: "making"; seconds: number }
  | { phase: "coming"; bytes: number }
  | { phase: "done"; bytes: number }
  | { phase: "cancelled" }
  | {
      phase: "refused";
      /** of HTTP; 0 where the connection broke */
      status: number;
      again: number | null;
      /** what was asked for: advice to take CSV helps nobody who did */
      format: "csv" | "xlsx";
    };

/** Megabytes with one digit, of anything at least one tenth. */
const megabytes = (bytes: number): string => `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;

const TOO_LARGE: Record<"csv" | "xlsx", Text> = {
  csv: {
    zh: "数据量过大：请缩短时段或减少对比地点",
    en: "Too much data: choose a shorter range or fewer places",
  },
  xlsx: {
    zh: "数据量过大：请缩短时段、减少对比地点，或改取 CSV",
    en: "Too much data: choose a shorter range or fewer places, or download CSV",
  },
};

function refusedWords({ status, again, format }: Extract<Export, { phase: "refused" }>): Text {
  const later =
    again === null ? { zh: "稍后再试", en: "again later" } : { zh: `${again} 秒后再试`, en: `again in ${again} s` };
  switch (status) {
    case 413:
    case 422:
      return TOO_LARGE[format];
    case 401:
    case 403:
      return { zh: "无权导出", en: "You have no right to download this" };
    case 429:
      return {
        zh: `此处已有多份文件在排队：请${later.zh}`,
        en: `Several files are queued from here already: try ${later.en}`,
      };
    case 503:
      return { zh: `历史库暂时无法应答：请${later.zh}`, en: `The archive cannot answer now: try ${later.en}` };
    case 0:
      return {
        zh: "连接中断，文件不完整：请重新获取",
        en: "Connection lost, the file is incomplete: download it again",
      };
    default:
      return {
        zh: "文件生成失败：请重试，或缩短时段",
        en: "The file could not be prepared: try again, or choose a shorter range",
      };
  }
}

function wordsOf(state: Export): Text {
  switch (state.phase) {
    case "none":
      return { zh: "", en: "" };
    case "making":
      return {
        zh: `排队或生成中，已等 ${state.seconds} 秒`,
        en: `Queued or being prepared, ${state.seconds} s so far`,
      };
    case "coming":
      return { zh: `已接收 ${megabytes(state.bytes)}`, en: `${megabytes(state.bytes)} received` };
    case "done":
      return { zh: `已保存，共 ${megabytes(state.bytes)}`, en: `Saved, ${megabytes(state.bytes)}` };
    case "cancelled":
      return { zh: "已取消，服务器已停止生成", en: "Canceled, no longer being prepared" };
    case "refused":
      return refusedWords(state);
  }
}

/** What is said of a file, nothing where none was asked for. */
export function exportWords(state: Export, lang: Lang): string {
  return wordsOf(state)[lang];
}

/** The same as it is read out: what changes every second is not said again each time. */
export function spokenExport(state: Export, lang: Lang): string {
  if (state.phase === "making") return { zh: "文件正在排队或生成", en: "The file is queued or being prepared" }[lang];
  if (state.phase === "coming") return { zh: "正在接收文件", en: "Receiving the file" }[lang];
  return exportWords(state, lang);
}
