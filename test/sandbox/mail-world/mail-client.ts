import { createTransport } from 'nodemailer';

export interface Told {
  /** What the server said: its code and its enhanced code; `taken`, or how the connection ended. */
  outcome: string;
  /** The whole of its words. */
  response: string;
}

/** Sends one email over a connection of its own, and tells what the server said. */
export async function tell(smtpUrl: string, mail: object): Promise<Told> {
  const transport = createTransport(smtpUrl);
  try {
    const { response } = await transport.sendMail({
      ...{ from: 'ann@acme.example', to: 'bob@customer.example', subject: 'Hello', text: 'Hi' },
      ...mail,
    });
    return { outcome: 'taken', response };
  } catch (error) {
    const { response = '', code = '' } = error as { response?: string; code?: string };
    return { outcome: /^\d{3} \d\.\d+\.\d+/.exec(response)?.[0] ?? code, response };
  } finally {
    transport.close();
  }
}

export async function outcomeOf(smtpUrl: string, mail: object): Promise<string> {
  return (await tell(smtpUrl, mail)).outcome;
}
