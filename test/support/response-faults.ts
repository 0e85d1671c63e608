import { afterAll, afterEach } from '@jest/globals';
import { takeFaults } from './api-contract/faults.js';

// An answer that openapi.json does not promise fails the test during which it was given.
const refuseFaults = () => {
  const faults = takeFaults();
  if (faults.length === 0) return;
  const advice = 'Correct the code, or its @ApiResponse/DTO and then: npm run openapi';
  throw new Error(`The API answered what openapi.json does not promise:\n- ${faults.join('\n- ')}\n${advice}`);
};
afterEach(refuseFaults);
afterAll(refuseFaults);
