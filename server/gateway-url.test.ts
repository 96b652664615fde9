import { expect, it } from "vitest";
import { localUrl, shownUrl } from "./gateway-url";

it("this machine reaches the gateway without TLS, at an address where it listens", () => {
  const url = (HOST: string): string => localUrl({ HOST }, 3000);
  expect(url("127.0.0.1")).toBe("http://127.0.0.1:3000");
  expect([url("0.0.0.0"), url("::")]).toEqual(["http://127.0.0.1:3000", "http://[::1]:3000"]);
  expect([url("192.168.1.5"), url("fd00::5")]).toEqual(["http://192.168.1.5:3000", "http://[fd00::5]:3000"]);
});

it("a person is told of an address that the certificate is for", () => {
  expect(shownUrl({ HOST: "0.0.0.0" }, 3000, null)).toBe("http://127.0.0.1:3000");
  expect(shownUrl({ HOST: "0.0.0.0" }, 443, ["wall.example.org", "10.0.0.9"])).toBe("https://wall.example.org:443");
  expect(shownUrl({ HOST: "10.0.0.9" }, 443, ["wall.example.org", "10.0.0.9"])).toBe("https://10.0.0.9:443");
  expect(shownUrl({ HOST: "::" }, 3000, [])).toBe("https://[::1]:3000");
});
