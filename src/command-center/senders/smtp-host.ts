import ipaddr from 'ipaddr.js';

/** The ports of mail submission and relay (RFC 8314, RFC 6409, RFC 5321), and the one that providers offer besides. */
const MAIL_PORTS = new Set([25, 465, 587, 2525]);

export interface HostPolicy {
  /** Sandbox and tests: this machine only. Production: the internet only. */
  reach: 'loopback' | 'internet';
  /** `host:port` of servers in one's own network that production may use all the same. */
  internal: readonly string[];
}

/** Whether an address may be connected to. A channel is made by any rep: it must not reach into the inner network. */
export function isAllowedAddress(address: string, name: string, port: number, policy: HostPolicy): boolean {
  const range = ipaddr.process(address).range();
  if (policy.reach === 'loopback') return range === 'loopback';
  return range === 'unicast' || isInternal(name, port, policy);
}

/** Why a channel cannot have this server, as far as its name and port tell; undefined: it can. */
export function hostRefusal(
  name: string,
  port: number,
  policy: HostPolicy,
): { field: 'host' | 'port'; message: string } | undefined {
  const literal = ipaddr.isValid(name);
  if (policy.reach === 'loopback') {
    const here = name === 'localhost' || (literal && isAllowedAddress(name, name, port, policy));
    if (here) return undefined;
    return { field: 'host', message: 'must be a mail server on this machine (127.0.0.1): this is a trial' };
  }
  if (isInternal(name, port, policy)) return undefined;
  if (name === 'localhost' || (literal && !isAllowedAddress(name, name, port, policy))) {
    return { field: 'host', message: 'is inside your own network; an admin of this installation can allow it' };
  }
  if (!MAIL_PORTS.has(port)) return { field: 'port', message: 'must be 25, 465, 587 or 2525' };
  return undefined;
}

function isInternal(name: string, port: number, { internal }: HostPolicy): boolean {
  return internal.includes(`${name}:${port}`);
}
