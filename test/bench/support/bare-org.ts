import { Agent, request } from 'node:http';

// What a floor uses to talk to Salesforce: Node's own client, kept alive, and nothing around it.

const agent = new Agent({ keepAlive: true });
const VERSION = '/services/data/v62.0';

export class BareOrg {
  constructor(private readonly url: string) {}

  queryAll<Row>(soql: string): Promise<{ totalSize: number; records: Row[] }> {
    return this.call('GET', `/queryAll?q=${encodeURIComponent(soql)}`);
  }

  retrieve<Row>(object: string, ids: readonly string[], fields: readonly string[]): Promise<(Row | null)[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.call('POST', `/composite/sobjects/${object}`, { ids, fields });
  }

  call<Body>(method: string, path: string, body?: object): Promise<Body> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: 'Bearer 00Dbench!token', 'content-type': 'application/json' };
      const outgoing = request(`${this.url}${VERSION}${path}`, { method, agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (incoming.statusCode !== 200) reject(new Error(`${method} ${path.slice(0, 200)}: ${text.slice(0, 500)}`));
          else resolve(JSON.parse(text) as Body);
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body && JSON.stringify(body));
    });
  }
}
