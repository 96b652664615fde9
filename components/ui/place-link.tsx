import Link from "next/link";

/** A place's name, which leads to the place's page: the whole of a city (`all`), and what is no place, have none. */
export function PlaceLink({ city, place, name }: { city: string; place: string | undefined; name: string }) {
  if (place === undefined || place === "all") return name;
  return (
    <Link href={`/district/${city}/${place}`} prefetch={false}>
      {name}
    </Link>
  );
}
