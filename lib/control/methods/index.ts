import { auditMethods } from "./audit";
import { principalMethods } from "./principals";

/** Everything that is asked of the control data, by name; each takes its context and what it needs to know. */
export const METHODS = { ...auditMethods, ...principalMethods };

export type Methods = typeof METHODS;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = Parameters<Methods[M]>[1];
export type Result<M extends MethodName> = Awaited<ReturnType<Methods[M]>>;
