/** CSS of the picture's box. */
export function imageStyle(fit: "contain" | "cover"): { objectFit: "contain" | "cover"; padding: string } {
  return { objectFit: fit, padding: fit === "contain" ? "0.8rem" : "0" };
}
