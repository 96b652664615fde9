"use client";
import { useId, type ReactNode } from "react";
import type { Lang, Text } from "@/lib/contract/city";
import { word } from "./words";

/** A place, and the screens that it has. */
export interface Place {
  id: string;
  name: Text;
  screens: { id: string; title: Text }[];
}

/** A field with its name over it, and beneath it what is wrong. */
export function Field({
  name,
  fault,
  children,
}: {
  name: string;
  fault: string | null;
  children: (ids: Ids) => ReactNode;
}) {
  const [id, faultId] = [useId(), useId()];
  return (
    <div className="displays-field">
      <label htmlFor={id}>{name}</label>
      {children({ id, "aria-invalid": fault !== null, "aria-describedby": fault === null ? undefined : faultId })}
      {fault !== null && (
        <p id={faultId} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

interface Ids {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

export interface At {
  city: string;
  screen: string;
}

/** What is shown first where nothing was chosen. */
export const firstOf = (places: Place[]): At => ({
  city: places[0]?.id ?? "",
  screen: places[0]?.screens[0]?.id ?? "",
});

/** Which screen of which place. */
export function ScreenFields({
  places,
  at,
  lang,
  faultOf,
  onChange,
}: {
  places: Place[];
  at: At;
  lang: Lang;
  faultOf: (field: string) => string | null;
  onChange: (at: At) => void;
}) {
  const screens = places.find(({ id }) => id === at.city)?.screens ?? [];
  const toCity = (city: string): void =>
    onChange({ city, screen: places.find(({ id }) => id === city)?.screens[0]?.id ?? "" });
  return (
    <>
      <Field name={word(lang, "place")} fault={faultOf("city")}>
        {(ids) => (
          <select {...ids} value={at.city} onChange={(event) => toCity(event.target.value)}>
            {places.map(({ id, name }) => (
              <option key={id} value={id}>
                {name[lang]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name={word(lang, "screen")} fault={faultOf("screen")}>
        {(ids) => (
          <select {...ids} value={at.screen} onChange={(event) => onChange({ ...at, screen: event.target.value })}>
            {screens.map(({ id, title }) => (
              <option key={id} value={id}>
                {title[lang]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}
