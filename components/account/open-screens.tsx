"use client";
import { useId, useState } from "react";
import type { OpenScreensAnswer } from "@/lib/contract/api/accounts";
import { whoText } from "@/components/ui/who";
import { ActionButton, Form, Told } from "./form";
import { momentText } from "./moment";
import { send } from "./send";
import { useWords } from "./shell";
import { useTold } from "./use-me";
import { nameIn, usePlaces, type Place } from "./use-places";
import { word, type Refusal } from "./words";

/** Screens that anybody may look at; they are seen as such here, and opened and closed again. */
export function OpenScreens() {
  const lang = useWords();
  const places = usePlaces();
  const { told, refusal, again } = useTold<OpenScreensAnswer>("/api/v1/open-screens");
  const [refused, setRefused] = useState<Refusal | null>(null);
  const titleOf = (city: string, screen: string): string => {
    const place = places.find(({ id }) => id === city);
    const title = place?.screens.find(({ id }) => id === screen)?.title[lang] ?? screen;
    return `${nameIn(places, lang)(city)} · ${title}`;
  };
  const close = async (city: string, screen: string): Promise<Refusal | null> => {
    const sent = await send("DELETE", `/api/v1/open-screens/${city}/${screen}`);
    again();
    return sent.refusal;
  };
  return (
    <section className="panel plain-panel">
      <h2>{word(lang, "openScreens")}</h2>
      <p>{word(lang, "openHint")}</p>
      <Told refusal={refusal ?? refused} />
      {told?.screens.length === 0 && <p>{word(lang, "noneOpen")}</p>}
      <ul className="rows">
        {told?.screens.map(({ city, screen, made, madeBy }) => (
          <li key={`${city}/${screen}`} data-open-screen={`${city}/${screen}`}>
            <div>
              <b>{titleOf(city, screen)}</b>
              <small>
                {whoText(lang, madeBy)} · {momentText(made, lang)}
              </small>
            </div>
            <ActionButton
              label="closeScreen"
              about={titleOf(city, screen)}
              send={() => close(city, screen)}
              onRefused={setRefused}
            />
          </li>
        ))}
      </ul>
      <OpenForm places={places} onOpened={again} />
    </section>
  );
}

function OpenForm({ places, onOpened }: { places: Place[]; onOpened: () => void }) {
  const lang = useWords();
  const id = useId();
  const open = async ({ screen: chosen = "" }: Record<string, string>): Promise<Refusal | null> => {
    const [city, screen] = chosen.split("/");
    const { refusal } = await send("POST", "/api/v1/open-screens", { city, screen });
    if (refusal === null) onOpened();
    return refusal;
  };
  return (
    <Form label="open" send={open}>
      {() => (
        <div className="field">
          <label htmlFor={id}>{word(lang, "screen")}</label>
          <select id={id} name="screen">
            {places.map((place) => (
              <optgroup key={place.id} label={place.name[lang]}>
                {place.screens.map((screen) => (
                  <option key={screen.id} value={`${place.id}/${screen.id}`}>
                    {screen.title[lang]}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </div>
      )}
    </Form>
  );
}
