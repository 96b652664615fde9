type Build = "pages" | "programs";
export function isBuilt(build: Build): boolean;
export function isOld(build: Build): boolean;
export function canBuild(): boolean;
