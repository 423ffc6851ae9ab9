import type { SignInRefusalCode } from "@latchkey/types/sign-in-refusals";

/** A sign-in through a provider that ends here. The page has a sentence for each code. */
export class SignInRefusal extends Error {
  readonly code: SignInRefusalCode;

  constructor(code: SignInRefusalCode, options?: ErrorOptions) {
    super(`The sign-in was refused: ${code}.`, options);
    this.name = "SignInRefusal";
    this.code = code;
  }
}
