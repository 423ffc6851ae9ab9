interface CataloguePermission {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly domain: string;
}

export interface DomainGroup<T> {
  readonly domain: string;
  readonly permissions: readonly T[];
}

/** Groups in the catalogue's own order, both of domains and within them. */
export function byDomain<T extends CataloguePermission>(permissions: readonly T[]): readonly DomainGroup<T>[] {
  const groups = Map.groupBy(permissions, ({ domain }) => domain);
  return [...groups].map(([domain, members]) => ({ domain, permissions: members }));
}

export function matching<T extends CataloguePermission>(permissions: readonly T[], filter: string): readonly T[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === "") return permissions;
  return permissions.filter(({ name, title, description }) =>
    `${name} ${title} ${description}`.toLowerCase().includes(wanted),
  );
}

export function togglePermission(chosen: readonly string[], name: string): string[] {
  return chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
}

/** All of a domain, or none of it if all were chosen; `grantable` are the names the viewer may give. */
export function toggleDomain(chosen: readonly string[], grantable: readonly string[]): string[] {
  const others = chosen.filter((name) => !grantable.includes(name));
  return grantable.every((name) => chosen.includes(name)) ? others : [...others, ...grantable];
}

/** `ad_accounts` reads “Ad accounts”. */
export function domainTitle(domain: string): string {
  const words = domain.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
