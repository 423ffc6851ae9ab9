import "./app/no-eval.ts";

// Only now: the chunks of an import are run before the module that asks for them, and some of them make schemas.
void import("./app/start.tsx");
