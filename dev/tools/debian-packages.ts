/** What a bare Debian lacks for the real node and Redis. Their versions in Debian 12 work. Only installed when asked. */
export const debianPackages = [
  'containerd',
  'runc',
  'containernetworking-plugins',
  'iptables',
  'iproute2',
  'busybox-static',
  'redis-server',
  'gcc',
  'libc6-dev',
  'openssl',
] as const;
