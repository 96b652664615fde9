/**
 * What failed, told once more at the end of the whole test, where it is looked for: a report of two thousand tests has it far above.
 */

/** A terminal's colours are of no use in a kept log. */
const COLOURS = /\u001b\[[0-9;]*m/gu;
const LINES = 24;

const told = (file, name, message) =>
  [`${file} › ${name}`, ...String(message).replace(COLOURS, "").split("\n").slice(0, LINES)].join("\n    ");

/**
 * @param {{ testResults?: { name: string, message?: string, assertionResults: { status: string, fullName: string,
 *   failureMessages?: string[] }[] }[] }} report vitest's JSON report
 * @returns {string[]} one text for each test that failed, and for each file that could not be run
 */
export function unitFailures(report) {
  return (report.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === "failed");
    if (failed.length === 0) return status === "failed" ? [told(name, "the file", message ?? "")] : [];
    return failed.map((one) => told(name, one.fullName, (one.failureMessages ?? []).join("\n")));
  });
}

/**
 * @param {{ suites?: object[], errors?: { message?: string }[] }} report Playwright's JSON report
 * @returns {string[]} one text for each test that did not pass at once, and for each error outside of tests
 */
export function endToEndFailures(report) {
  const within = (suite) => [
    ...(suite.suites ?? []).flatMap(within),
    ...(suite.specs ?? [])
      .filter((spec) => spec.tests.some((one) => one.status === "unexpected" || one.status === "flaky"))
      .map((spec) => {
        const errors = spec.tests.flatMap((one) => one.results.flatMap((result) => result.errors ?? []));
        return told(spec.file, spec.title, errors.map((error) => error.message ?? "").join("\n"));
      }),
  ];
  return [
    ...(report.suites ?? []).flatMap(within),
    ...(report.errors ?? []).map((error) => told("end-to-end tests", "outside of a test", error.message ?? "")),
  ];
}
