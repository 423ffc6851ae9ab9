const DOORS = /^\/(api|graphql)(\/|$)/;

/**
 * Whether a path means one of the doors for programs without being it, such as `//api/v1` or `/api%2Fv1`. The page
 * answers any other path, and a program must not take its 200 for a success.
 */
export function isApiLookalike(path: string): boolean {
  return DOORS.test(
    decoded(path)
      .replaceAll("\\", "/")
      .replaceAll(/\/{2,}/g, "/")
      .toLowerCase(),
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
