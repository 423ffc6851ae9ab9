/** Which Redis an address means, without what is secret in it: host:port/database. */
export function redisLocation(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port === "" ? 6379 : port}/${pathname.slice(1) === "" ? 0 : Number(pathname.slice(1))}`;
}
