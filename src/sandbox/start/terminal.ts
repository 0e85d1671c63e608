type Colour = 'green' | 'red' | 'dim' | 'bold' | 'cyan';

const CODES: Record<Colour, string> = { green: '32', red: '31', dim: '2', bold: '1', cyan: '36' };

/** The stream that a person, or a file, reads. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** What is told at the terminal: plain lines for a file or a pipe, colours and lines in motion for a person. */
export class Terminal {
  private passing = false;

  constructor(
    private readonly screen: Screen,
    private readonly colours: boolean,
  ) {}

  /** For the standard output. Who reads it may go away at any time (`| head`): no reason to fall over. */
  static ofProcess(): Terminal {
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    const lively = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
    return new Terminal(process.stdout, lively && !process.env.NO_COLOR);
  }

  get lively(): boolean {
    return this.screen.isTTY === true;
  }

  paint(colour: Colour, text: string): string {
    return this.colours ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
  }

  line(text = ''): void {
    this.clear();
    this.screen.write(`${text}\n`);
  }

  /** Something is done. */
  done(what: string, detail = ''): void {
    this.line(`${this.paint('green', '✓')} ${what.padEnd(12)}${detail}`.trimEnd());
  }

  heading(text: string): void {
    this.line();
    this.line(this.paint('bold', text));
  }

  failure(text: string): void {
    const [first = '', ...rest] = text.split('\n');
    this.line();
    this.line(`${this.paint('red', '✗')} ${first}`);
    for (const line of rest) this.line(`  ${line}`);
  }

  /** A line that the next one replaces; a file never sees it. */
  passingLine(text: string): void {
    if (!this.lively) return;
    // Some terminals say that they are nothing wide.
    const width = (this.screen.columns || 80) - 1;
    this.clear();
    this.screen.write(text.length > width ? text.slice(0, width) : text);
    this.passing = true;
  }

  private clear(): void {
    if (this.passing) this.screen.write('\r\u001b[2K');
    this.passing = false;
  }
}

export const count = (value: number): string => value.toLocaleString('en');

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
