import type { IncomingMessage, ServerResponse } from "node:http";

// A service that knows nothing of keys. A gateway in front of it asks Latchkey about every call, lets through what may
// pass, and says in headers who calls: nobody else may reach this port.

interface Campaign {
  readonly id: string;
  readonly name: string;
  readonly monthlyBudgetUsd: number;
  isRunning: boolean;
}

/** Latchkey hands the plan on, and leaves it to the service to hold keys to it. A plan that is not known here has none. */
const MONTHLY_SPEND_CAP_USD: Readonly<Record<string, number>> = {
  starter: 10_000,
  growth: 100_000,
  scale: 1_000_000,
  enterprise: Infinity,
};

const campaignsByTeam = new Map<string, Campaign[]>();

/** `GET /campaigns` and `POST /campaigns/{id}/launch`, for the team that the gateway names. */
export function answer(request: IncomingMessage, response: ServerResponse): void {
  const send = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

  const team = request.headers["x-latchkey-team"];
  const plan = request.headers["x-latchkey-plan"];
  if (typeof team !== "string" || typeof plan !== "string")
    return void send(403, { error: "This service is reached through its gateway only." });

  const campaigns = campaignsOf(team);
  const path = request.url?.split("?", 1)[0] ?? "/";
  if (path === "/campaigns") return void send(200, { data: campaigns });

  const id = /^\/campaigns\/([\w-]+)\/launch$/.exec(path)?.[1];
  const campaign = campaigns.find((candidate) => candidate.id === id);
  if (campaign === undefined) return void send(404, { error: "There is no such campaign." });
  if (!campaign.isRunning && !hasRoomFor(campaign, campaigns, plan))
    return void send(409, { error: `The ${plan} plan allows no more ad spend this month.` });
  campaign.isRunning = true;
  send(200, campaign);
}

function hasRoomFor({ monthlyBudgetUsd }: Campaign, campaigns: readonly Campaign[], plan: string): boolean {
  const cap = MONTHLY_SPEND_CAP_USD[plan] ?? 0;
  const spent = campaigns.filter(({ isRunning }) => isRunning).reduce((sum, one) => sum + one.monthlyBudgetUsd, 0);
  return spent + monthlyBudgetUsd <= cap;
}

function campaignsOf(team: string): Campaign[] {
  const known = campaignsByTeam.get(team);
  if (known !== undefined) return known;
  const fresh = [
    { id: "spring", name: "Spring sale", monthlyBudgetUsd: 8_000, isRunning: false },
    { id: "autumn", name: "Autumn sale", monthlyBudgetUsd: 4_000, isRunning: false },
  ];
  campaignsByTeam.set(team, fresh);
  return fresh;
}
