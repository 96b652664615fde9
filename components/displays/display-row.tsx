"use client";
import type { Lang } from "@/lib/contract/city";
import type { DisplayItem, DisplayList } from "@/lib/contract/api/displays";
import { formatAge } from "@/components/ui/i18n";
import { isBehind, stateOf } from "./display-state";
import type { Place } from "./fields";
import { ofDisplay, stateWord, word } from "./words";

/** How long ago something was; a dash where it has not been. */
function ago(at: number | null, now: number, lang: Lang): string {
  if (at === null) return "–";
  const age = formatAge(Math.max(0, now - at), lang);
  return lang === "zh" ? `${age}前` : `${age} ago`;
}

/** What a display says of itself that somebody should look after, and its size. */
function healthWords({ health }: DisplayItem, lang: Lang): string {
  if (!health) return "–";
  const { connected, faults, skipped, width, height } = health;
  const troubles = [
    connected ? "" : word(lang, "unplugged"),
    faults > 0 ? `${word(lang, "faults")} ${faults}` : "",
    skipped > 0 ? `${word(lang, "skipped")} ${skipped}` : "",
  ].filter(Boolean);
  return [troubles.length > 0 ? troubles.join(" · ") : word(lang, "fine"), `${width}×${height}`].join(" · ");
}

interface RowProps {
  display: DisplayItem;
  list: DisplayList;
  now: number;
  lang: Lang;
  places: Place[];
  onChange: () => void;
  onWithdraw: () => void;
}

/** One display: who it is, what it shows, how it stands. */
export function DisplayRow({ display, list, now, lang, places, onChange, onWithdraw }: RowProps) {
  const state = stateOf(display, now, list);
  const place = places.find(({ id }) => id === display.city);
  const screen = place?.screens.find(({ id }) => id === display.screen);
  const behind = isBehind(display, list);
  return (
    <tr data-display={display.title} data-state={state}>
      <th scope="row">{display.title}</th>
      <td data-name={word(lang, "screen")}>
        {place?.name[lang] ?? display.city} · {screen?.title[lang] ?? display.screen}
      </td>
      <td data-name={word(lang, "state")}>
        <span className="displays-state">{stateWord(lang, state)}</span>
      </td>
      <td data-name={word(lang, "heard")} className="figure">
        {ago(display.seen, now, lang)}
      </td>
      <td data-name={word(lang, "painted")} className="figure">
        {ago(display.painted, now, lang)}
      </td>
      <td data-name={word(lang, "version")}>
        <code>{display.version.slice(0, 8) || "–"}</code>
        {behind && <em className="displays-behind">{word(lang, "behind")}</em>}
      </td>
      <td data-name={word(lang, "health")}>{healthWords(display, lang)}</td>
      <td data-name={word(lang, "address")}>{display.address || "–"}</td>
      <td data-name={word(lang, "since")} className="figure">
        {formatAge(Math.max(0, now - display.made), lang)}
      </td>
      <td className="displays-actions">
        {display.withdrawn === null && (
          <>
            <button type="button" onClick={onChange} aria-label={ofDisplay(lang, "change", display.title)}>
              {word(lang, "change")}
            </button>
            <button type="button" onClick={onWithdraw} aria-label={ofDisplay(lang, "withdraw", display.title)}>
              {word(lang, "withdraw")}
            </button>
          </>
        )}
      </td>
    </tr>
  );
}
