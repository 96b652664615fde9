export * from "./palette";
export * from "./type";
