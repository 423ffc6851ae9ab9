import type { Permission } from "@latchkey/types/permissions";
import type { PlanName } from "@latchkey/types/plans";
import type { ProductUsage } from "../modules/billing/usage-source.ts";
import type { TeamRole } from "@latchkey/types/roles";

// Who and what the demo shows. Every time is relative to the start, so that it is always as fresh as on the first day.

export const DEMO_PASSWORD = "latchkey-demo";
/** Each start makes this key anew and prints its secret. */
export const PRINTED_KEY_NAME = "Printed at start";
export const PRINTED_KEY_OWNER = "owner@acme.example";
/** Made last: where this person has a password, the story has been told to its end. */
export const SUPER_ADMIN = { email: "super@latchkey.example", name: "Sam Super" } as const;

export interface DemoKey {
  readonly name: string;
  readonly by: string;
  readonly permissions: readonly Permission[];
  readonly createdDaysAgo: number;
  readonly expiresInDays?: number;
  readonly lastUsedHoursAgo?: number;
  readonly lastUsedIp?: string;
  /** On a working day, as long as it is used. */
  readonly callsPerDay?: number;
  /** What none of its calls ever needed, of its permissions. */
  readonly neverNeeds?: readonly Permission[];
  readonly revokedDaysAgo?: number;
  /** Calls that came after it was revoked or had expired. */
  readonly refused?: number;
  readonly replaces?: string;
}

export interface DemoTeam {
  readonly name: string;
  readonly slug: string;
  readonly plan: PlanName;
  readonly status: string;
  readonly createdDaysAgo: number;
  /** What the product around Latchkey would say. */
  readonly usage: ProductUsage;
  /** The owner first. */
  readonly members: readonly { readonly email: string; readonly name: string; readonly role: TeamRole }[];
  readonly keys: readonly DemoKey[];
}

const READING: readonly Permission[] = ["analytics:read", "reports:read"];
const CAMPAIGNS: readonly Permission[] = [
  "campaigns:read",
  "campaigns:create",
  "campaigns:update",
  "campaigns:launch",
  "campaigns:pause",
];

const ACME: DemoTeam = {
  name: "Acme Ads",
  slug: "acme-ads",
  plan: "growth",
  status: "active",
  createdDaysAgo: 400,
  usage: { adAccounts: 6, monthlyAdSpendUsd: 41_250 },
  members: [
    { email: "owner@acme.example", name: "Olivia Owner", role: "owner" },
    { email: "admin@acme.example", name: "Adam Admin", role: "admin" },
    { email: "manager@acme.example", name: "Mara Manager", role: "manager" },
    { email: "viewer@acme.example", name: "Victor Viewer", role: "viewer" },
  ],
  keys: [
    {
      name: "Warehouse sync",
      by: "owner@acme.example",
      permissions: [...READING, "ad_accounts:read", "campaigns:read"],
      createdDaysAgo: 210,
      lastUsedHoursAgo: 0.05,
      callsPerDay: 240,
      neverNeeds: ["ad_accounts:read"],
      lastUsedIp: "203.0.113.21",
    },
    {
      name: "BI dashboard 2026-Q3",
      by: "admin@acme.example",
      permissions: READING,
      createdDaysAgo: 120,
      expiresInDays: 131,
      lastUsedHoursAgo: 26,
      callsPerDay: 80,
      lastUsedIp: "203.0.113.40",
    },
    {
      name: "BI dashboard 2026-Q4",
      by: "admin@acme.example",
      permissions: READING,
      createdDaysAgo: 3,
      expiresInDays: 90,
      lastUsedHoursAgo: 0.2,
      callsPerDay: 60,
      lastUsedIp: "203.0.113.40",
      replaces: "BI dashboard 2026-Q3",
    },
    {
      name: "Campaign launcher",
      by: "admin@acme.example",
      permissions: CAMPAIGNS,
      createdDaysAgo: 75,
      expiresInDays: 365,
      lastUsedHoursAgo: 5,
      callsPerDay: 36,
      neverNeeds: ["campaigns:update", "campaigns:pause"],
      lastUsedIp: "198.51.100.7",
    },
    {
      name: "Billing export",
      by: "owner@acme.example",
      permissions: ["billing:read", "reports:export"],
      createdDaysAgo: 30,
      expiresInDays: 37,
      lastUsedHoursAgo: 52,
      callsPerDay: 8,
      lastUsedIp: "198.51.100.12",
    },
    {
      name: "Audit collector",
      by: "owner@acme.example",
      permissions: ["audit_log:read", "api_keys:read", "members:read"],
      createdDaysAgo: 14,
    },
    {
      name: "Partner feed",
      by: "admin@acme.example",
      permissions: ["reports:read"],
      createdDaysAgo: 190,
      lastUsedHoursAgo: 24 * 97,
      lastUsedIp: "192.0.2.88",
    },
    {
      name: "Black Friday 2025",
      by: "owner@acme.example",
      permissions: CAMPAIGNS,
      createdDaysAgo: 380,
      expiresInDays: 30,
      lastUsedHoursAgo: 24 * 351,
      lastUsedIp: "198.51.100.7",
      refused: 12,
    },
    {
      name: "Agency trial",
      by: "admin@acme.example",
      permissions: ["analytics:read"],
      createdDaysAgo: 60,
      expiresInDays: 45,
      lastUsedHoursAgo: 24 * 16,
      callsPerDay: 14,
      lastUsedIp: "192.0.2.14",
      refused: 3,
    },
    {
      name: "Laptop of the intern",
      by: "admin@acme.example",
      permissions: ["analytics:read", "campaigns:read"],
      createdDaysAgo: 45,
      lastUsedHoursAgo: 24 * 21,
      callsPerDay: 10,
      lastUsedIp: "192.0.2.61",
      revokedDaysAgo: 20,
      refused: 48,
    },
    {
      name: "Old reporting script",
      by: "owner@acme.example",
      permissions: ["reports:read", "reports:export"],
      createdDaysAgo: 300,
      lastUsedHoursAgo: 24 * 66,
      lastUsedIp: "203.0.113.9",
      revokedDaysAgo: 64,
    },
    {
      name: "Never deployed",
      by: "owner@acme.example",
      permissions: ["campaigns:read"],
      createdDaysAgo: 33,
      revokedDaysAgo: 32,
    },
  ],
};

const globexKey = (
  name: string,
  by: string,
  createdDaysAgo: number,
  lastUsedHoursAgo?: number,
  callsPerDay = 24,
): DemoKey => ({
  name,
  by,
  permissions: READING,
  createdDaysAgo,
  ...(lastUsedHoursAgo === undefined ? {} : { lastUsedHoursAgo, callsPerDay, lastUsedIp: "198.51.100.90" }),
});

/** One active key below the starter plan's cap; its admin is at the creator's cap. */
const GLOBEX: DemoTeam = {
  name: "Globex Media",
  slug: "globex-media",
  plan: "starter",
  status: "active",
  createdDaysAgo: 200,
  usage: { adAccounts: 2, monthlyAdSpendUsd: 8_640 },
  members: [
    { email: "owner@globex.example", name: "Gina Globex", role: "owner" },
    { email: "admin@globex.example", name: "Gus Globex", role: "admin" },
  ],
  keys: [
    globexKey("Nightly report", "owner@globex.example", 150, 9, 4),
    globexKey("Data lake", "owner@globex.example", 90, 1, 120),
    globexKey("Client portal", "owner@globex.example", 40, 30),
    globexKey("Sandbox", "owner@globex.example", 12),
    globexKey("Dashboard London", "admin@globex.example", 100, 2),
    globexKey("Dashboard Paris", "admin@globex.example", 100, 3),
    globexKey("Dashboard Milan", "admin@globex.example", 98, 700),
    globexKey("Slack digest", "admin@globex.example", 55, 14),
    globexKey("Prototype", "admin@globex.example", 7),
  ],
};

export const DEMO_TEAMS: readonly DemoTeam[] = [ACME, GLOBEX];
