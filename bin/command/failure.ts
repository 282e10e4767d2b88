/** What went wrong, in a sentence for the person who typed the command, with the next step in it. */
export class CommandFailure extends Error {
  /** 2: the command itself is wrong; 1: it could not be done. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A mistake in what was typed. */
export class UsageFailure extends CommandFailure {
  constructor(message: string) {
    super(`${message} See n8n-nodes-omnichannel --help.`, 2);
  }
}
