/** Where a command's words go: with `--json` to stderr, so that stdout ends with one JSON value. */
export class Output {
  readonly stream: NodeJS.WriteStream;
  readonly #json: boolean;

  constructor(json: boolean | undefined) {
    this.#json = json === true;
    this.stream = this.#json ? process.stderr : process.stdout;
  }

  /** Lines for people. */
  say(text: string): void {
    this.stream.write(`${text}\n`);
  }

  /** What the command found; printed with `--json` alone. */
  result(value: unknown): void {
    if (this.#json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }
}
