import { DomainError, InvalidInputError } from "../../platform/domain-error.ts";
import { secondFactorMissingIn } from "./second-factor.policy.ts";
import type { SecondFactorRepository } from "./second-factor.repository.ts";
import { matchingStep } from "./totp.ts";

export type SecondFactorService = ReturnType<typeof createSecondFactorService>;

/** Wrong codes in a row, at whichever door, until no code is looked at for a while; Better Auth's own numbers. */
export const MAX_WRONG_CODES = 10;
export const LOCK_SECONDS = 15 * 60;

/** Of the secret as it is stored, which only Better Auth's key opens. */
export type Decrypt = (stored: string) => Promise<string>;

type Claim = "accepted" | "used" | "wrong" | "locked";

interface Dependencies {
  readonly repository: SecondFactorRepository;
  readonly now: () => Date;
}

export function createSecondFactorService({ repository, now }: Dependencies) {
  /**
   * Takes a code of this person, once: from then on it and all before it are refused, by every process (RFC 6238 §5.2).
   * Who asks decides what a wrong one costs.
   */
  const claimCode = async (userId: string, code: string, decrypt: Decrypt): Promise<Claim> => {
    const stored = await repository.find(userId);
    if (stored === null) return "wrong";
    if (stored.lockedUntil !== null && stored.lockedUntil > now()) return "locked";
    const step = matchingStep(await decrypt(stored.secret), code, now());
    if (step === null) return "wrong";
    return (await repository.claimStep(stored.id, step)) ? "accepted" : "used";
  };

  return {
    claimCode,

    /** That it is really them, for somebody who is signed in and has no password to type. */
    async confirmByCode(userId: string, code: string, decrypt: Decrypt): Promise<void> {
      const claim = await claimCode(userId, code, decrypt);
      if (claim === "accepted" || claim === "wrong") await count(userId, claim);
      if (claim === "accepted") return;
      throw new InvalidInputError([{ path: ["code"], message: REFUSALS[claim] }]);
    },

    /** A second factor that somebody else relies on is not the person's to give up. */
    async assertMayDisable(userId: string, isRequiredByPlatform: boolean): Promise<void> {
      const [team, ...others] = await repository.findRequiringTeams(userId);
      if (team !== undefined) {
        const names = others.length === 0 ? team : `${[team, ...others.slice(0, -1)].join(", ")} and ${others.at(-1)}`;
        const verb = others.length === 0 ? "requires" : "require";
        throw new DomainError(
          "second_factor_required",
          `${names} ${verb} a second factor of owners and admins, so it stays on. An owner can lift that on the members page, or you leave the team first.`,
        );
      }
      if (isRequiredByPlatform) {
        throw new DomainError(
          "second_factor_required",
          "Super admins of this server need a second factor; it stays on.",
        );
      }
    },

    /** Where somebody whose session has passed no second factor may do nothing; undefined: nowhere. */
    missingIn: secondFactorMissingIn,

    findRequiringTeams: (userId: string) => repository.findRequiringTeams(userId),
  };

  async function count(userId: string, claim: "accepted" | "wrong"): Promise<void> {
    const stored = await repository.find(userId);
    if (stored === null) return;
    if (claim === "accepted") {
      await repository.forgetFailures(stored.id);
      return;
    }
    const at = now();
    await repository.recordFailure(stored.id, MAX_WRONG_CODES, at, new Date(at.getTime() + LOCK_SECONDS * 1_000));
  }
}

const REFUSALS: Readonly<Record<Exclude<Claim, "accepted">, string>> = {
  wrong: "This code is not right. Enter the one that your authenticator shows now.",
  used: "This code was used already. Wait for the next one.",
  locked: "Too many wrong codes. Wait a quarter of an hour and try again.",
};
