import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BenchProcess, startBenchProcess } from '../bench-process.ts';
import type { Way } from '../way.ts';

export interface RivalOptions {
  /** For its files. */
  readonly folder: string;
  readonly podPort: number;
  readonly path: string;
  readonly core: number;
  readonly ports: { readonly proxy: number; readonly api: number };
}

/** https://github.com/jupyterhub/configurable-http-proxy, as it comes. */
export async function startConfigurableHttpProxy(
  { podPort, path, core, ports }: RivalOptions,
  onStart: (process: BenchProcess) => void,
): Promise<Way> {
  const program = createRequire(import.meta.url).resolve('configurable-http-proxy/bin/configurable-http-proxy');
  const listen = [
    '--ip',
    '127.0.0.1',
    '--port',
    String(ports.proxy),
    '--api-ip',
    '127.0.0.1',
    '--api-port',
    String(ports.api),
  ];
  const proxy = startBenchProcess({
    name: 'configurable-http-proxy',
    command: process.execPath,
    args: [program, ...listen, '--default-target', `http://127.0.0.1:${podPort}`, '--log-level', 'warn'],
    env: { CONFIGPROXY_AUTH_TOKEN: 'bench' },
    core,
  });
  onStart(proxy);
  await proxy.listensOn(ports.proxy);
  return { name: 'configurableHttpProxy', proxy, target: { port: ports.proxy, path, headers: {} } };
}

/** One worker process, connections to the pod kept alive, no log of requests. */
export async function startNginx(
  { folder, podPort, path, core, ports, program }: RivalOptions & { readonly program: string },
  onStart: (process: BenchProcess) => void,
): Promise<Way> {
  const file = join(folder, 'nginx.conf');
  await writeFile(file, nginxConfig(folder, podPort, ports.proxy));
  const proxy = startBenchProcess({
    name: 'nginx',
    command: program,
    args: ['-p', folder, '-c', file, '-e', join(folder, 'nginx.log')],
    env: {},
    core,
  });
  onStart(proxy);
  await proxy.listensOn(ports.proxy);
  return { name: 'nginx', proxy, target: { port: ports.proxy, path, headers: {} } };
}

/** https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive */
function nginxConfig(folder: string, podPort: number, port: number): string {
  return `daemon off;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'nginx.log')} warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${join(folder, 'body')};
  proxy_temp_path ${join(folder, 'proxy')};
  fastcgi_temp_path ${join(folder, 'fastcgi')};
  uwsgi_temp_path ${join(folder, 'uwsgi')};
  scgi_temp_path ${join(folder, 'scgi')};
  keepalive_requests 10000000;
  upstream pod { server 127.0.0.1:${podPort}; keepalive 64; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://pod;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;
}
