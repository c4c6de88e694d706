import { pino, type DestinationStream, type LoggerOptions } from 'pino';
import { prettyLine } from './pretty-line.ts';

/** Writes one line an outcome: fields first, then what happened. Libraries take one and never print by themselves. */
export interface Log {
  (fields: object, message: string): void;
  (message: string): void;
}

/** What code logs to. Errors go in the field `err`, ids in `correlationId` and `causationId`. */
export interface Logger {
  readonly trace: Log;
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
  readonly fatal: Log;
  /** A logger whose lines carry these fields as well. */
  child(fields: Record<string, unknown>): Logger;
}

export interface LoggerSettings {
  /** The name of the service, in every line. */
  readonly service: string;
  readonly level: string;
  readonly format: 'pretty' | 'json';
  /** Where lines go; standard output when left out. Colours only where it is a terminal. */
  readonly write?: (line: string) => void;
}

const confidential = [
  'authorization',
  'api_key',
  'apiKey',
  'secret',
  'password',
  'email',
  'emails',
  'phone',
  'phones',
];

/** Credentials and personal data, at the top of a line, one level down, and where HTTP libraries put headers. */
const redact: LoggerOptions['redact'] = {
  paths: [
    ...confidential,
    ...confidential.map((name) => `*.${name}`),
    'headers.authorization',
    '*.headers.authorization',
  ],
  censor: '[hidden]',
};

const prettyTo = (write: (line: string) => void, colours: boolean): DestinationStream => ({
  write: (line) => write(prettyLine(line, colours)),
});

/** The logger of one process. */
export const createLogger = ({ service, level, format, write }: LoggerSettings): Logger => {
  const options: LoggerOptions = {
    level,
    base: { service },
    redact,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const out = write ?? ((line: string) => void process.stdout.write(line));
  if (format === 'pretty')
    return pino(options, prettyTo(out, write === undefined && process.stdout.isTTY === true));
  return write ? pino(options, { write }) : pino(options, pino.destination({ dest: 1, sync: true }));
};

/** A logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' });
