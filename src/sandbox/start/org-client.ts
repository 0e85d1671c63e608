import { JsonClient } from './http-json.js';

/** A user of the simulated org. */
export interface OrgUser {
  id: string;
  name: string;
  username: string;
  email: string;
  isActive: boolean;
  timeZone: string;
}

/** What a person, or a test, does in the simulated org: its control interface. */
export class OrgClient {
  private readonly http: JsonClient;

  constructor(readonly url: string) {
    this.http = new JsonClient(url);
  }

  users(): Promise<OrgUser[]> {
    return this.http.get<OrgUser[]>('/sandbox/users');
  }

  /** A REST call as that user makes it in Salesforce itself; it costs no API call. */
  as<T>(userId: string, method: string, path: string, body?: unknown): Promise<T> {
    return this.http.send<T>(method, `/sandbox/as/${userId}/${path}`, body);
  }
}
