import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { problemContent } from '../../platform/http/openapi-problems.js';

/** Documents what a route may answer because it asks Salesforce while its caller waits (see asProductError). */
export function AsksSalesforce(): MethodDecorator {
  const refusal = (status: number, description: string) =>
    ApiResponse({ status, description, content: problemContent() });
  return applyDecorators(
    refusal(404, 'There is no such thing here, or no longer in Salesforce'),
    refusal(409, 'Salesforce is not connected, or refuses it in the present state'),
    refusal(503, 'Salesforce does not answer, or its share of API calls is used up'),
  );
}
