import { expect, it } from "vitest";
import { linkUrl, localUrl, shownUrl } from "./gateway-url";

it("this machine reaches the gateway without TLS, at an address where it listens", () => {
  const url = (HOST: string): string => localUrl({ HOST }, 3000);
  expect(url("127.0.0.1")).toBe("http://127.0.0.1:3000");
  expect([url("0.0.0.0"), url("::")]).toEqual(["http://127.0.0.1:3000", "http://[::1]:3000"]);
  expect([url("192.168.1.5"), url("fd00::5")]).toEqual(["http://192.168.1.5:3000", "http://[fd00::5]:3000"]);
});

it("a link that is handed on leads to the name by which a proxy is asked", () => {
  const at = (CITYWALL_HOSTS: string[], CITYWALL_TRUSTED_PROXIES: string[]): string =>
    linkUrl({ HOST: "127.0.0.1", CITYWALL_HOSTS, CITYWALL_TRUSTED_PROXIES }, 3000, null);
  expect(at(["wall.example.org", "10.0.0.9"], ["127.0.0.1"])).toBe("https://wall.example.org");
  expect([at([], ["127.0.0.1"]), at(["wall.example.org"], [])]).toEqual([
    "http://127.0.0.1:3000",
    "http://127.0.0.1:3000",
  ]);
});

it("a person is told of an address that the certificate is for", () => {
  expect(shownUrl({ HOST: "0.0.0.0" }, 3000, null)).toBe("http://127.0.0.1:3000");
  expect(shownUrl({ HOST: "0.0.0.0" }, 443, ["wall.example.org", "10.0.0.9"])).toBe("https://wall.example.org:443");
  expect(shownUrl({ HOST: "10.0.0.9" }, 443, ["wall.example.org", "10.0.0.9"])).toBe("https://10.0.0.9:443");
  expect(shownUrl({ HOST: "::" }, 3000, [])).toBe("https://[::1]:3000");
});
