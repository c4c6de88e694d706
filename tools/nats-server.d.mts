/** A running nats-server on 127.0.0.1. */
export interface NatsServer {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  /** Sends the signal (default SIGTERM) and resolves when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartNatsServer {
  /** Without it the server takes a free one. */
  readonly port?: number;
  /** The largest message in bytes, headers included (the server's default is 1 MiB). */
  readonly maxPayload?: number;
  /** The path of the program; found or installed without it. */
  readonly program?: string;
  /** Is told of an installation, line by line (default: to standard error). */
  readonly log?: (line: string) => void;
}

export declare const locateNatsServer: () => string | undefined;
export declare const findNatsServer: (options?: { log?: (line: string) => void }) => Promise<string>;
export declare const startNatsServer: (options?: StartNatsServer) => Promise<NatsServer>;
