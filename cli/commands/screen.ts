import type { Command } from "commander";
import { bothLanguages, citiesFolder, tellDone } from "../arguments";

interface ScreenOptions {
  metric: string[];
  widget?: string;
  into?: string;
  district: string;
  box: string;
  title?: string;
  titleZh?: string;
  settings?: string;
  new?: string;
  newZh?: string;
}

export function addScreen(program: Command): void {
  program
    .command("screen")
    .description("what a city shows")
    .command("add")
    .description("put metrics on a screen; running walls follow within two seconds")
    .argument("<city>")
    .argument("<screen>")
    .requiredOption("--metric <id...>", "one, or several for widgets that show several")
    .option("--widget <type>", "how they are shown (figure)")
    .option("--into <tile>", "add them to this tile instead")
    .option("--district <code>", "whose values", "all")
    .option(
      "--box <place>",
      "x,y,w,h in cells of the screen's grid; fill: the largest free place; auto: where there is room",
      "auto",
    )
    .option("--title <en>", "of the tile")
    .option("--title-zh <zh>")
    .option("--settings <json>", "more settings of the widget")
    .option("--new <title>", "make the screen, with this English title")
    .option("--new-zh <zh>", "its Chinese title (the English one)")
    .action(add);
}

async function add(
  city: string,
  screen: string,
  { metric, title, titleZh, new: fresh, newZh, ...options }: ScreenOptions,
): Promise<void> {
  const { addToScreen } = await import("../../generator/screen-add");
  await tellDone(
    addToScreen({
      ...options,
      cities: citiesFolder(),
      city,
      screen,
      metrics: metric,
      title: bothLanguages(title, titleZh),
      fresh: bothLanguages(fresh, newZh),
    }),
  );
}
