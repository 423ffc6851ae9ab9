import { findProgram } from "../../scripts/find-program.ts";
import type { Kind } from "./gateway.ts";

const isRoot = process.getuid?.() === 0;

/** Around a file of /etc/nginx/conf.d: what Debian's nginx.conf says, in a folder of ours, as whoever runs the test. */
const NGINX_CONF = `
daemon off;
pid logs/nginx.pid;
error_log logs/error.log info;
${isRoot ? "user root;" : ""}
worker_processes 2;
events { }
http {
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include nginx.conf;
}
`;

function kind(name: string, rest: Omit<Kind, "name" | "program">): Kind[] {
  const program = findProgram(name);
  return program === null ? [] : [{ name, program, ...rest }];
}

/** The gateways that are installed here; scripts/test-gateways.ts says which one is missing. */
export const INSTALLED: readonly Kind[] = [
  ...kind("nginx", {
    example: "nginx.conf",
    around: { "main.conf": NGINX_CONF },
    forThisMachine: (folder, port) => [
      ["listen 8080;", `listen 127.0.0.1:${port};`],
      ["/var/log/nginx", `${folder}/logs`],
    ],
    command: (folder) => ["-p", folder, "-c", "main.conf", "-e", "logs/error.log"],
  }),
  ...kind("caddy", {
    example: "Caddyfile",
    around: {},
    forThisMachine: (folder, port) => [
      [":8080 {", `:${port} {\n\tbind 127.0.0.1`],
      ["/var/log/caddy", `${folder}/logs`],
      // The port of its administration is the machine's, and may be taken.
      ["{\n\tlog default", "{\n\tadmin off\n\tlog default"],
    ],
    command: () => ["run", "--config", "Caddyfile"],
  }),
];
