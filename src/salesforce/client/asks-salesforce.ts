import { AlsoRefuses } from '../../platform/http/openapi-problems.js';

/** Documents what a route may answer because it asks Salesforce while its caller waits (see asProductError). */
export const AsksSalesforce = (): MethodDecorator =>
  AlsoRefuses({
    404: 'There is no such thing here, or no longer in Salesforce',
    409: 'Salesforce is not connected, or refuses it in the present state',
    503: 'Salesforce does not answer, or its share of API calls is used up',
  });
