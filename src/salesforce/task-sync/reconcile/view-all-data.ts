import { SalesforceError } from '../../client/errors.js';
import type { SalesforceClient } from '../../client/salesforce-client.js';

/**
 * Whether the integration user may see every record, so that absence may mean deletion. Null: the org does not tell
 * (UserPermissionAccess is not there or not for this user).
 */
export async function seesAllData(client: SalesforceClient): Promise<boolean | null> {
  try {
    const { records } = await client.page<{ PermissionsViewAllData: boolean }>(
      'SELECT PermissionsViewAllData FROM UserPermissionAccess LIMIT 1',
      { purpose: 'permissions', deletedToo: false },
    );
    return records[0]?.PermissionsViewAllData ?? null;
  } catch (error) {
    if (error instanceof SalesforceError && (error.code === 'INVALID_TYPE' || error.code === 'INVALID_FIELD'))
      return null;
    throw error;
  }
}
