/** A person as others see them, in one team. Also people who have left it: names and history stay. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Whether it is shown is for the door to decide: only oneself and those with members:read see it. */
  readonly email: string;
  /** The team in whose context they are seen; null where there is none. */
  readonly teamId: string | null;
  readonly isMember: boolean;
}
