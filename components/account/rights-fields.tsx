"use client";
import { useId } from "react";
import { ROLES, type Role, type Scope } from "@/lib/contract/rights";
import { useWords } from "./shell";
import { nameIn, type Place } from "./use-places";
import { ROLE_WORDS, word } from "./words";

/** What is to be given. */
export interface Rights {
  role: Role;
  scopes: readonly Scope[];
}

interface FieldsProps {
  rights: Rights;
  onChange: (rights: Rights) => void;
  places: Place[];
  /** who gives them has every city himself */
  hasAll: boolean;
}

/** Chooses a role, and where it holds. */
export function RightsFields({ rights, onChange, places, hasAll }: FieldsProps) {
  const lang = useWords();
  const id = useId();
  const isEverywhere = rights.scopes.some(({ city }) => city === "*");
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{word(lang, "role")}</label>
        <select
          id={id}
          value={rights.role}
          aria-describedby={`${id}-says`}
          onChange={(event) => onChange({ ...rights, role: event.target.value as Role })}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {ROLE_WORDS[role].name[lang]}
            </option>
          ))}
        </select>
        <small id={`${id}-says`}>{ROLE_WORDS[rights.role].says[lang]}</small>
      </div>
      <fieldset className="field">
        <legend>{word(lang, "where")}</legend>
        {hasAll && (
          <label className="choice">
            <input
              type="checkbox"
              checked={isEverywhere}
              onChange={({ target }) =>
                onChange({ ...rights, scopes: target.checked ? [{ city: "*", districts: "*" }] : [] })
              }
            />
            {word(lang, "everywhere")}
          </label>
        )}
        {!isEverywhere &&
          places.map((place) => (
            <CityChoice
              key={place.id}
              place={place}
              scope={rights.scopes.find(({ city }) => city === place.id) ?? null}
              onChange={(scope) => {
                const others = rights.scopes.filter(({ city }) => city !== place.id);
                onChange({ ...rights, scopes: scope ? [...others, scope] : others });
              }}
            />
          ))}
      </fieldset>
    </>
  );
}

interface CityProps {
  place: Place;
  scope: Scope | null;
  onChange: (scope: Scope | null) => void;
}

/** Chooses a city: all of it, or some of its places. */
function CityChoice({ place, scope, onChange }: CityProps) {
  const lang = useWords();
  const { id: city } = place;
  return (
    <div className="city-choice">
      <label className="choice">
        <input
          type="checkbox"
          checked={scope !== null}
          onChange={({ target }) => onChange(target.checked ? { city, districts: "*" } : null)}
        />
        {place.name[lang]}
      </label>
      {scope && <DistrictChoice place={place} scope={scope} onChange={onChange} />}
    </div>
  );
}

function DistrictChoice({ place, scope, onChange }: CityProps & { scope: Scope }) {
  const lang = useWords();
  const { city, districts } = scope;
  const chosen = districts === "*" ? [] : districts;
  // A place within a district was named by another way than this page; it stays until it is taken out.
  const more = chosen.filter((code) => !place.districts.some((one) => one.code === code));
  const choose = (code: string, on: boolean): void => {
    const left = on ? [...chosen, code] : chosen.filter((one) => one !== code);
    onChange({ city, districts: left.length > 0 ? left : "*" });
  };
  return (
    <div className="choices" role="group" aria-label={place.name[lang]}>
      <label className="choice">
        <input
          type="checkbox"
          checked={districts === "*"}
          // Unchosen by choosing a district: it is one or the other.
          disabled={districts === "*"}
          onChange={() => onChange({ city, districts: "*" })}
        />
        {word(lang, "wholeCity")}
      </label>
      {[...place.districts.map(({ code }) => code), ...more].map((code) => (
        <label key={code} className="choice">
          <input
            type="checkbox"
            checked={chosen.includes(code)}
            onChange={({ target }) => choose(code, target.checked)}
          />
          {nameIn([place], lang)(city, code)}
        </label>
      ))}
    </div>
  );
}
