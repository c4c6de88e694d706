import { Presets, SingleBar } from 'cli-progress';

/** Shows how far a long piece of work has come. */
export interface Progress {
  /** `total` may become known, or change, on the way. */
  update(done: number, total?: number): void;
  stop(): void;
}

/** Standard error: a terminal, or something that takes text. */
export type StandardError =
  | { readonly isTerminal: true; readonly stream: NodeJS.WriteStream; write(text: string): unknown }
  | { readonly isTerminal: false; write(text: string): unknown };

/** Where progress goes: standard error, as a bar on a terminal and as lines elsewhere. */
export interface ProgressOutput {
  readonly stderr: StandardError;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
}

/** Lines come at most this often. */
const LINE_EVERY_MS = 5_000;

const number = new Intl.NumberFormat('en-GB');

/** A count with its thousands set apart. */
export const counted = (count: number): string => number.format(count);

const bar = (stream: NodeJS.WriteStream, label: string, otherwise: Progress): Progress => {
  const shown = new SingleBar(
    {
      stream,
      format: `${label} {bar} {percentage}% {value}/{total} events, {eta_formatted} left`,
      formatValue: (value, _, type) =>
        type === 'value' || type === 'total' ? counted(value) : String(value),
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  let begun = false;
  return {
    update(done, total) {
      // A bar needs an end; until that is known, lines tell.
      if (total === undefined && !begun) return otherwise.update(done);
      if (!begun) shown.start(total!, done);
      begun = true;
      if (total !== undefined) shown.setTotal(total);
      shown.update(done);
    },
    stop: () => void (begun && shown.stop()),
  };
};

const lines = ({ stderr, now }: ProgressOutput, label: string): Progress => {
  let next = now() + LINE_EVERY_MS;
  return {
    update(done, total) {
      if (now() < next) return;
      next = now() + LINE_EVERY_MS;
      const of =
        total === undefined
          ? ''
          : ` of ${counted(total)} (${Math.floor((100 * done) / Math.max(total, 1))}%)`;
      stderr.write(`${label}: ${counted(done)}${of} events\n`);
    },
    stop() {},
  };
};

/** Begins to show a piece of work that counts events. */
export const showProgress = (output: ProgressOutput, label: string): Progress =>
  output.stderr.isTerminal ? bar(output.stderr.stream, label, lines(output, label)) : lines(output, label);
