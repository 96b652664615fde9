import { z } from "zod";
import { answers } from "./parts";
import { route } from "./route";

const document = z.looseObject({});

const parts = z
  .record(z.string(), z.string())
  .describe(
    "how cities, history, pages, descriptors and others stand: `ok`, or what is the matter; other machines are told `at fault`",
  );

export const operationRoutes = {
  health: route({
    method: "get",
    path: "/healthz",
    rule: "anyone",
    tag: "operation",
    summary: "The process is alive",
    answers: { 200: { description: "OK", body: z.object({ ok: z.literal(true) }) } },
    problems: {},
  }),
  ready: route({
    method: "get",
    path: "/readyz",
    rule: "anyone",
    tag: "operation",
    summary: "The gateway can serve",
    answers: {
      200: { description: "It can", body: z.object({ ready: z.literal(true), parts }) },
      503: {
        description: "It cannot yet",
        body: z
          .object({ ready: z.literal(false), reason: z.string().describe("what walls wait for"), parts })
          .register(answers, { id: "NotReady" }),
      },
    },
    problems: {},
  }),
  metrics: route({
    method: "get",
    path: "/metrics",
    rule: { may: "operate", of: "installation", token: "monitor" },
    tag: "operation",
    summary: "What the gateway counts about itself",
    answers: { 200: { description: "OpenMetrics 1.0", body: z.string(), type: "application/openmetrics-text" } },
    problems: {},
  }),
  openapi: route({
    method: "get",
    path: "/api/openapi.json",
    rule: "anyone",
    tag: "operation",
    summary: "This document",
    answers: { 200: { description: "OpenAPI 3.1", body: document } },
    problems: {},
  }),
  asyncapi: route({
    method: "get",
    path: "/api/asyncapi.json",
    rule: "anyone",
    tag: "operation",
    summary: "The messages of the live socket",
    answers: { 200: { description: "AsyncAPI 3", body: document } },
    problems: {},
  }),
};
