import { FONT, palette } from "@/components/ui/theme";

/** A chart with its heading above and its source below, as a PNG that can stand alone in a report. */
export async function pictureOf(
  chart: HTMLCanvasElement,
  heading: string,
  under: string,
  foot: string,
): Promise<Blob | null> {
  const unit = chart.width / 100;
  const canvas = document.createElement("canvas");
  canvas.width = chart.width;
  canvas.height = Math.round(chart.height + unit * 7.5);
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = palette().panel;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  const write = (text: string, size: number, y: number, color: string, weight = 400): void => {
    context.font = `${weight} ${unit * size}px ${FONT.text}`;
    context.fillStyle = color;
    context.fillText(text, unit * 1.5, unit * y, canvas.width - unit * 3);
  };
  write(heading, 1.7, 1.8, palette().ink, 500);
  write(under, 1.1, 3.9, palette().muted);
  context.drawImage(chart, 0, unit * 5);
  context.save();
  context.translate(0, chart.height + unit * 5);
  write(foot, 0.95, 1.1, palette().muted);
  context.restore();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Hands a file to whoever looks at the page. */
export function handOver(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
