import type { IncomingMessage } from "node:http";
import { LIMITS } from "../../contract/api/limits";
import { HttpError } from "../http";

export function busy(message: string): HttpError {
  return new HttpError(503, "busy", message, { "retry-after": "1", connection: "close" });
}

export function tooLarge(most: number): HttpError {
  return new HttpError(413, "too-large", `the body is larger than ${most} bytes`, { connection: "close" });
}

export function cutShort(): HttpError {
  return new HttpError(400, "unreadable", "the connection was closed before its request was whole");
}

export function tooSlow(): HttpError {
  const message = `the request was not whole within ${LIMITS.request / 1000} s`;
  return new HttpError(408, "too-slow", message, { connection: "close" });
}

export function withClose({ status, code, message, headers }: HttpError): HttpError {
  return new HttpError(status, code, message, { ...headers, connection: "close" });
}

/** Hears that a request broke off. @returns what ends that */
export function hearBroken(request: IncomingMessage, refuse: (error: HttpError) => void): void {
  const broken = (): void => {
    if (!request.complete) refuse(cutShort());
  };
  request.on("error", broken);
  request.on("close", broken);
}
