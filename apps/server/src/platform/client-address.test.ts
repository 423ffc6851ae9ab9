import { describe, expect, test } from "vitest";
import { ConfigError, SettingReader } from "../settings/setting-reader.ts";
import { readTrustProxy } from "../settings/trust-proxy.ts";
import { canonicalAddress, createClientAddress, networkOf } from "./client-address.ts";

const SOCKET = "198.51.100.1";

function trust(setting: string) {
  const read = new SettingReader({ TRUST_PROXY: setting });
  const trusted = readTrustProxy(read);
  read.finish();
  return trusted;
}

function addressOf(setting: string, socket: string, forwarded: string | null): string {
  return createClientAddress(trust(setting))(socket, forwarded);
}

describe("without TRUST_PROXY", () => {
  test.each(["203.0.113.7", "127.0.0.1", "::1", "a, b, c"])("X-Forwarded-For: %s says nothing", (forwarded) => {
    expect(addressOf("", SOCKET, forwarded)).toBe(SOCKET);
  });
});

describe("with hops", () => {
  test.each([
    ["1", "203.0.113.7", "203.0.113.7"],
    ["1", "1.1.1.1, 203.0.113.7", "203.0.113.7"],
    ["2", "1.1.1.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"],
    ["2", "203.0.113.7", "203.0.113.7"],
    ["1", "203.0.113.7:4711", "203.0.113.7"],
    ["1", "[2001:db8::1]:4711", "2001:db8::1"],
    ["1", "::ffff:203.0.113.7", "203.0.113.7"],
    ["1", "unknown", SOCKET],
    ["2", "evil<script>, 10.0.0.1", "10.0.0.1"],
    ["1", "", SOCKET],
  ])("%s, X-Forwarded-For: %s is %s", (hops, forwarded, client) => {
    expect(addressOf(hops, SOCKET, forwarded)).toBe(client);
  });
});

describe("with networks", () => {
  const NETWORKS = "10.0.0.0/8, 192.168.1.5,fd00::/8";
  test.each([
    ["10.1.2.3", "203.0.113.7", "203.0.113.7"],
    ["::ffff:10.1.2.3", "203.0.113.7", "203.0.113.7"],
    ["10.1.2.3", "1.1.1.1, 203.0.113.7, 192.168.1.5", "203.0.113.7"],
    ["fd00::7", "2001:db8::1", "2001:db8::1"],
    // A caller that is no proxy vouches for nobody.
    ["203.0.113.9", "1.1.1.1", "203.0.113.9"],
    ["192.168.1.6", "1.1.1.1", "192.168.1.6"],
  ])("asked from %s with X-Forwarded-For: %s it is %s", (socket, forwarded, client) => {
    expect(addressOf(NETWORKS, socket, forwarded)).toBe(client);
  });
});

test.each(["true", "all", "0.0.0.0/0", "::/0", "10.0.0.0/33", "10.0.0/8", "loopback", "10.0.0.0/8;1.2.3.4", "0", "99"])(
  "TRUST_PROXY=%s is a problem that says what to set",
  (setting) => {
    expect(() => trust(setting)).toThrow(ConfigError);
    expect(() => trust(setting)).toThrow(/TRUST_PROXY .*Set/);
  },
);

test.each([
  ["::ffff:1.2.3.4", "1.2.3.4"],
  ["::FFFF:102:304", "1.2.3.4"],
  ["2001:DB8:0:0::0001", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["unknown", "unknown"],
])("%s is told as %s", (address, canonical) => {
  expect(canonicalAddress(address)).toBe(canonical);
});

test("IPv6 strangers are counted by their /64, IPv4 ones by their address", () => {
  expect(networkOf("2001:db8:1:2:aaaa::1")).toBe(networkOf("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  expect(networkOf("2001:db8:1:2::1")).not.toBe(networkOf("2001:db8:1:3::1"));
  expect(networkOf("::ffff:203.0.113.7")).toBe("203.0.113.7");
  expect(networkOf("203.0.113.7")).not.toBe(networkOf("203.0.113.8"));
});
