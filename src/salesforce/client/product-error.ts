import { ProductError } from '../../platform/errors/product-error.js';
import { explainSalesforceCode } from './error-catalogue.js';
import { SalesforceError } from './errors.js';

/** For work that a person waits for: a failure of Salesforce as the person is told it. */
export async function forCaller<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SalesforceError ? asProductError(error) : error;
  }
}

export function asProductError(error: SalesforceError): ProductError {
  const { sentence, advice } = explainSalesforceCode(error.code);
  const words = `${sentence} ${advice}`;
  switch (error.kind) {
    case 'stopped':
    case 'reauthenticate':
      return new ProductError('salesforce_not_connected', words);
    case 'gone':
      return new ProductError('not_found', sentence);
    case 'user':
      return new ProductError('conflict', `${words} Salesforce says: ${error.message}`);
    case 'retry':
    case 'concurrency':
    case 'limit':
    case 'admin':
      return new ProductError('salesforce_unavailable', words);
  }
}
