const stamps = new Map<string, Intl.DateTimeFormat>();

/** Month, day, hour and minute in a zone. */
export function stamp(at: number, timeZone: string): string {
  let format = stamps.get(timeZone);
  if (!format)
    stamps.set(
      timeZone,
      (format = new Intl.DateTimeFormat("en-CA", {
        timeZone,
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      })),
    );
  return format.format(at).replace(", ", " ");
}
