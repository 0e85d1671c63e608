import type { ConnectionView } from './connection.dto.js';
import type { ConnectionOverview } from './connection.service.js';

const NOTHING: ConnectionView = {
  status: 'not_connected',
  reason: null,
  paused: false,
  org_id: null,
  org_name: null,
  is_sandbox: null,
  method: null,
  key_ready: false,
  login_url: null,
  instance_url: null,
  integration_user: null,
  connected_by: null,
  connected_at: null,
  api_usage: null,
  quiet_until: null,
  last_read_at: null,
};

export function viewOfConnection(overview: ConnectionOverview | undefined, keyReady: boolean): ConnectionView {
  if (!overview) return { ...NOTHING, key_ready: keyReady };
  const { apiUsed, apiLimit, apiSeenAt } = overview;
  const known = apiUsed !== null && apiLimit !== null && apiSeenAt !== null;
  return {
    status: overview.status,
    reason: overview.statusReason,
    paused: overview.paused,
    org_id: overview.orgId,
    org_name: overview.orgName,
    is_sandbox: overview.isSandbox,
    method: overview.method,
    key_ready: keyReady,
    login_url: overview.loginUrl,
    instance_url: overview.instanceUrl,
    integration_user: { id: overview.integrationUserId, username: overview.integrationUsername },
    connected_by: overview.connectedBy,
    connected_at: overview.connectedAt,
    api_usage: known ? { used: apiUsed, limit: apiLimit, seen_at: apiSeenAt } : null,
    quiet_until: overview.quietUntil,
    last_read_at: overview.lastPullAt,
  };
}
