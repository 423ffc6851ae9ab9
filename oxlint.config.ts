import type { OxlintConfig, OxlintOverride } from "oxlint";

// The suffix of a file is its layer (see CONTRIBUTING.md): what each layer may not import is the table below, and
// scripts/lint-boundaries.test.ts plants a violation for every line of it.

interface Refusal {
  readonly group?: string[];
  readonly regex?: string;
  readonly importNames?: string[];
  readonly allowTypeImports?: boolean;
  readonly message: string;
}

/** The same refusal for values only: types leave no trace in what runs. */
const values = (refusal: Refusal): Refusal => ({ ...refusal, allowTypeImports: true });

const HASHING: Refusal = {
  group: ["@latchkey/key-format/hash", "**/key-format/src/hash.ts"],
  importNames: ["hashSecret"],
  message: "Only modules/api-keys/verification/ hashes secrets.",
};
const PG: Refusal = {
  group: ["pg", "pg/**", "@redis/**"],
  message:
    "pg is for verification/, rate-limit/, activity/ and platform/, Redis for rate-limit/; modules use Prisma in a *.repository.ts.",
};
const PRISMA: Refusal = {
  group: ["**/generated/prisma/**", "@prisma/**"],
  message: "Only *.repository.ts and platform/ touch Prisma.",
};
const DATABASE: Refusal = { group: ["**/platform/database/**"], message: "Pure files and policies use no database." };
const REPOSITORIES: Refusal = {
  group: ["**/*.repository.ts"],
  message: "Only services and the composition see repositories.",
};
const FOREIGN_REPOSITORIES: Refusal = {
  regex: "^\\.\\./.*\\.repository\\.ts$",
  message: "A module never reaches into another module's repository: ask its service.",
};
const SERVICES: Refusal = {
  group: ["**/*.service.ts"],
  message: "This layer is below the services: take what it needs as an argument.",
};
const POLICIES: Refusal = { group: ["**/*.policy.ts"], message: "Services ask the policy, nobody else." };
const DOORS: Refusal = {
  group: ["**/*.graphql.ts", "**/*.rest.ts"],
  message: "Doors import services, never the other way round.",
};
const REST: Refusal = { group: ["**/*.rest.ts"], message: "The doors do not know each other: share the service." };
const OUTSIDE: Refusal = {
  group: [
    "node:fs",
    "node:fs/**",
    "node:http",
    "node:https",
    "node:http2",
    "node:net",
    "node:child_process",
    "node:worker_threads",
  ],
  message: "No I/O here: what it needs comes in as an argument.",
};
const PAGE: Refusal = {
  group: ["**/apps/admin/**", "**/admin/src/**", "@latchkey/admin", "@latchkey/admin/**"],
  message: "Nothing imports the page.",
};
const SERVER: Refusal = {
  group: ["**/apps/server/**", "**/server/src/**", "@latchkey/server", "@latchkey/server/**"],
  message: "The page and the packages never import the server: both share @latchkey/types.",
};
const NODE: Refusal = { group: ["node:*", "@latchkey/key-format/hash"], message: "The page runs in a browser." };
const FEATURES: Refusal = { group: ["**/features/**"], message: "Features are imported by the router alone." };
const OTHER_FEATURES: Refusal = { regex: "^\\.\\./[^.]", message: "Features never import features." };
const OTHER_FEATURES_FROM_BELOW: Refusal = { regex: "^\\.\\./\\.\\./[^.]", message: "Features never import features." };
const SERVER_STATE: Refusal = {
  group: ["@apollo/client", "@apollo/client/**"],
  message: "Shared components have no data of their own.",
};

const PURE = [
  values(PG),
  values(PRISMA),
  values(DATABASE),
  values(REPOSITORIES),
  values(SERVICES),
  DOORS,
  OUTSIDE,
  PAGE,
];
const ADAPTER = [PG, PRISMA, REPOSITORIES, POLICIES, HASHING, PAGE];
const IN_PAGE = [SERVER, NODE];

type Layer = readonly [files: readonly string[], refused: readonly Refusal[], except?: readonly string[]];
const MODULES = "apps/server/src/modules/**";
const VERIFICATION = "apps/server/src/modules/api-keys/verification/**";
const RATE_LIMIT = "apps/server/src/modules/rate-limit/**";
const ACTIVITY = "apps/server/src/modules/activity/**";
const SUFFIXED = ["**/*.*.ts"];

/** Of all that match a file the last one decides, alone: each line lists all that is refused there. */
const LAYERS: readonly Layer[] = [
  [["scripts/**/*.ts"], [PG, PRISMA, HASHING]],
  [["apps/server/src/**/*.ts"], [values(PG), values(PRISMA), HASHING, PAGE]],
  [
    ["apps/server/src/identity/**/*.ts", "apps/server/src/demo/**/*.ts"],
    [PG, PRISMA, REPOSITORIES, HASHING, PAGE],
  ],
  [["apps/server/src/platform/**/*.ts"], [HASHING, PAGE]],
  [[`${MODULES}/*.ts`], [...PURE, HASHING], SUFFIXED],
  [[`${MODULES}/*.policy.ts`], [PG, PRISMA, DATABASE, REPOSITORIES, SERVICES, DOORS, OUTSIDE, HASHING, PAGE]],
  [[`${MODULES}/*.graphql.ts`], [...ADAPTER, REST]],
  [[`${MODULES}/*.rest.ts`], [...ADAPTER, DOORS]],
  [[`${MODULES}/*.service.ts`], [values(PG), values(PRISMA), FOREIGN_REPOSITORIES, DOORS, HASHING, PAGE]],
  [
    [`${MODULES}/*.repository.ts`],
    [PG, FOREIGN_REPOSITORIES, values(SERVICES), values(POLICIES), DOORS, HASHING, PAGE],
  ],
  [[`${VERIFICATION}/*.ts`], PURE, SUFFIXED],
  [[`${VERIFICATION}/*.repository.ts`], [values(SERVICES), values(POLICIES), DOORS, PAGE]],
  [[`${RATE_LIMIT}/*.repository.ts`], [FOREIGN_REPOSITORIES, values(SERVICES), values(POLICIES), DOORS, HASHING, PAGE]],
  [[`${ACTIVITY}/*.repository.ts`], [FOREIGN_REPOSITORIES, values(SERVICES), values(POLICIES), DOORS, HASHING, PAGE]],
  [["packages/*/src/**/*.ts"], [SERVER, PAGE, OUTSIDE]],
  [["apps/admin/src/**/*.{ts,tsx}"], IN_PAGE],
  [["apps/admin/src/components/**/*.{ts,tsx}"], [...IN_PAGE, FEATURES, SERVER_STATE]],
  [["apps/admin/src/features/*/*.{ts,tsx}"], [...IN_PAGE, FEATURES, OTHER_FEATURES]],
  [["apps/admin/src/features/*/*/**/*.{ts,tsx}"], [...IN_PAGE, FEATURES, OTHER_FEATURES_FROM_BELOW]],
];

const TESTS = ["**/*.test.{ts,tsx}", "apps/server/test/**", "e2e/**"];

function boundaryOf([files, refused, except = []]: Layer): OxlintOverride {
  return {
    files: [...files],
    excludeFiles: [...except, ...TESTS],
    rules: { "no-restricted-imports": ["error", { patterns: [...refused] }] },
  };
}

const config: OxlintConfig = {
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "node", "promise", "react", "jsx-a11y", "vitest"],
  categories: { correctness: "error" },
  ignorePatterns: ["**/generated/**", "**/dist/**"],
  rules: {
    // [...text] is how code points are counted; sorting strings by code unit is meant where it is done.
    "typescript/no-misused-spread": "off",
    "typescript/require-array-sort-compare": "off",
    // A dialog or a sign-in page puts the focus where typing starts; a live region is not an <output>.
    "jsx-a11y/no-autofocus": "off",
    "jsx-a11y/prefer-tag-over-role": "off",
    // A property of fast-check asserts by what it returns or throws, and expects by case.
    "vitest/expect-expect": "off",
    "vitest/no-conditional-expect": "off",
    // An assertion may be awaited later than it is made; one that never is, is a floating promise.
    "vitest/valid-expect": "off",
    // What scrolls or explains itself on focus has to be reachable by keyboard.
    "jsx-a11y/no-noninteractive-tabindex": "off",
    // Takes a handler given to form.onSubmit() for code that runs while rendering.
    "react/refs": "off",
    // Services are objects of functions that do without `this`.
    "typescript/unbound-method": "off",

    "typescript/no-floating-promises": "error",
    "import/no-default-export": "error",
    "import/no-cycle": "error",
    "oxc/no-barrel-file": ["error", { threshold: 0 }],
    "typescript/ban-ts-comment": "error",
    "typescript/no-explicit-any": "error",
    "typescript/no-misused-promises": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"] }],
    "vitest/no-disabled-tests": "error",
    "vitest/no-focused-tests": "error",
    "max-lines": ["error", { max: 260, skipBlankLines: true, skipComments: true }],
  },
  overrides: [
    ...LAYERS.map(boundaryOf),
    {
      // What is stored of a secret stays where it is checked. Platform says `omit: { secretHash: true }`.
      files: ["apps/server/src/**/*.ts", "scripts/**/*.ts"],
      excludeFiles: [`${VERIFICATION}/*.ts`, "apps/server/src/platform/database/**", ...TESTS],
      rules: {
        "id-denylist": ["error", "secretHash"],
        "no-restricted-properties": [
          "error",
          { property: "secretHash", message: "Only modules/api-keys/verification/ reads or writes it." },
        ],
      },
    },
    {
      files: ["apps/server/src/**/*.ts", "packages/**/*.ts"],
      excludeFiles: ["apps/server/src/main.ts", ...TESTS],
      // A child process needs PATH; everything else is a setting.
      rules: { "node/no-process-env": ["error", { allowedVariables: ["PATH"] }] },
    },
    { files: ["**/*.config.ts", "**/global-setup.ts"], rules: { "import/no-default-export": "off" } },
    { files: TESTS, rules: { "max-lines": ["error", { max: 420, skipBlankLines: true, skipComments: true }] } },
    // One table, a line for each operation.
    {
      files: ["apps/server/test/authorisation/operations.ts"],
      rules: { "max-lines": ["error", { max: 540, skipBlankLines: true, skipComments: true }] },
    },
  ],
};

export default config;
