import { expect, it } from "vitest";
import { endToEndFailures, unitFailures } from "./failures.mjs";

it("a unit test that failed is told with its file, its name and its error, without colours", () => {
  const report = {
    testResults: [
      {
        name: "/a.test.ts",
        status: "failed",
        assertionResults: [
          { status: "passed", fullName: "goes", failureMessages: [] },
          {
            status: "failed",
            fullName: "stays",
            failureMessages: ["\u001b[31mexpected 1\u001b[39m to be 2\nat a.test.ts:3"],
          },
        ],
      },
      { name: "/b.test.ts", status: "passed", assertionResults: [{ status: "passed", fullName: "goes" }] },
      { name: "/c.test.ts", status: "failed", message: "no such module", assertionResults: [] },
    ],
  };
  expect(unitFailures(report)).toEqual([
    "/a.test.ts › stays\n    expected 1 to be 2\n    at a.test.ts:3",
    "/c.test.ts › the file\n    no such module",
  ]);
});

it("an end-to-end test that failed, or passed only now and then, is told, however deep its suite lies", () => {
  const test = (status: string, message: string) => ({ status, results: [{ errors: [{ message }] }] });
  const spec = (title: string, status: string, message = "") => ({
    title,
    file: "living/a.e2e.ts",
    tests: [test(status, message)],
  });
  const report = {
    suites: [
      { specs: [spec("goes", "expected")], suites: [{ specs: [spec("stays", "unexpected", "no e= in the address")] }] },
      { specs: [spec("comes and goes", "flaky", "late")] },
    ],
    errors: [{ message: "no browser" }],
  };
  expect(endToEndFailures(report)).toEqual([
    "living/a.e2e.ts › stays\n    no e= in the address",
    "living/a.e2e.ts › comes and goes\n    late",
    "end-to-end tests › outside of a test\n    no browser",
  ]);
});

it("a long error is cut, as the end of a log is read", () => {
  const message = Array.from({ length: 100 }, (_, i) => `line ${i}`).join("\n");
  const [told = ""] = endToEndFailures({ errors: [{ message }] });
  expect([told.split("\n").length, told.includes("line 23"), told.includes("line 24")]).toEqual([25, true, false]);
});
