import { createHash } from "node:crypto";

export interface RedisScript {
  readonly text: string;
  /** By which Redis knows it. */
  readonly sha1: string;
}

export function redisScript(text: string): RedisScript {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/**
 * takeToken and giveTokenBack of gcra.ts in Lua, for as many calls of as many buckets as have come, by the clock of Redis.
 * Whole numbers in doubles, as there; math.fmod and not %, which Lua 5.1 reckons with a rounded quotient.
 *
 * KEYS: the mark, then buckets. They share a hash tag, so a Cluster keeps them in one place and loses them together.
 * The mark is the generation of the store in use (limiter_store) and when it took over, 0 for the first. Where it is
 * missing, this Redis has lost what it knew (restarted empty, flushed, failed over to an empty replica) and takes over
 * now. Where it is newer than what the caller knows, the caller has not heard of a change yet and must not count here.
 *
 * ARGV: generation; then for each bucket its limit, window in microseconds, and how many tokens (less than 0: given back).
 * Answers for each bucket: how many were admitted, microseconds until full, fraction; or only -1 and the newer generation.
 */
export const COUNT_SCRIPT = redisScript(`
local generation = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local marked, since = -1, 0
local mark = redis.call('GET', KEYS[1])
if mark then
  local of, at = string.match(mark, '^(%d+) (%d+)$')
  marked, since = tonumber(of), tonumber(at)
end
if marked > generation then return {-1, marked} end
if marked < generation then
  since = now
  redis.call('SET', KEYS[1], string.format('%.0f %.0f', generation, now))
end

local function debt_of(tat, fraction, limit, window)
  local ahead = math.min(tat - now, window)
  return math.min(math.max(ahead * limit + math.min(fraction, limit - 1), 0), limit * window)
end

local answers = {}
for index = 2, #KEYS do
  local key, first = KEYS[index], (index - 2) * 3 + 2
  local limit, window, count = tonumber(ARGV[first]), tonumber(ARGV[first + 1]), tonumber(ARGV[first + 2])

  local stored = redis.call('GET', key)
  local debt = 0
  if stored then
    local tat, fraction = string.match(stored, '^(%d+) (%d+)$')
    debt = debt_of(tonumber(tat), tonumber(fraction), limit, window)
  end

  local admitted = 0
  if count > 0 then
    if since > 0 then debt = math.max(debt, debt_of(since + window, 0, limit, window) - window) end
    local free = limit * window - debt
    admitted = math.min(count, (free - math.fmod(free, window)) / window)
    debt = debt + admitted * window
  else
    debt = math.max(debt + count * window, 0)
  end

  local fraction = math.fmod(debt, limit)
  local ahead = (debt - fraction) / limit
  if debt == 0 then
    if stored then redis.call('DEL', key) end
  else
    local bucket = string.format('%.0f %.0f', now + ahead, fraction)
    if bucket ~= stored then redis.call('SET', key, bucket, 'PX', math.floor(ahead / 1000) + 1) end
  end
  answers[#answers + 1] = admitted
  answers[#answers + 1] = ahead
  answers[#answers + 1] = fraction
end
return answers
`);
