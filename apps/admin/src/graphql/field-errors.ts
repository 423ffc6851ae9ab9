interface ServerFieldError {
  readonly path: readonly string[];
  readonly message: string;
}

interface PlacedErrors {
  readonly byField: Record<string, string>;
  /** What belongs to no field of the form, as one text; null if everything found its place. */
  readonly rest: string | null;
}

/** Puts the server's complaints beside the fields they are about: `["permissions", "2"]` belongs to `permissions`. */
export function fieldErrors(errors: readonly ServerFieldError[], fields: readonly string[]): PlacedErrors {
  const byField: Record<string, string> = {};
  const rest: string[] = [];
  for (const { path, message } of errors) {
    const field = path.find((segment) => fields.includes(segment));
    if (field === undefined) rest.push(message);
    else byField[field] ??= message;
  }
  return { byField, rest: rest.length === 0 ? null : rest.join(" ") };
}
