import type { Deliver } from "./mail-message.ts";

/**
 * Prints mails for whoever develops at this machine. Past the log on purpose: that masks one-time links, and is
 * collected and kept.
 */
export function createTerminalDelivery(print: (text: string) => void): Deliver {
  return async ({ to, subject, text }) => {
    const lines = [`To: ${to}`, `Subject: ${subject}`, "", ...text.trimEnd().split("\n")];
    print(`\n${lines.map((line) => `  | ${line}`.trimEnd()).join("\n")}\n\n`);
  };
}
