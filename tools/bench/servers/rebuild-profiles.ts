import { memoryOf } from '../processes/memory.ts';
import { cleanEnvironment } from '../processes/node-program.ts';
import type { Resources } from '../processes/resources.ts';
import { appScript } from './start-hearth.ts';

export interface Rebuild {
  readonly events: number;
  /** From the start of the process to its end, with the present profiles hashed and compared. */
  readonly seconds: number;
  /** As the command itself counts them: reading, folding, writing and hashing. */
  readonly foldingSeconds: number;
  /** The most memory that was seen. */
  readonly peakBytes: number;
}

const SAMPLE_MS = 100;

/**
 * Runs `hearth rebuild profiles` on a data folder that nobody else uses. Throws where it fails, and where the new profiles
 * are not the ones that were there: a fast rebuild of something else is worth nothing.
 */
export const rebuildProfiles = async (resources: Resources, dataDir: string): Promise<Rebuild> => {
  const began = performance.now();
  const program = resources.start({
    title: 'hearth rebuild profiles',
    command: process.execPath,
    args: [appScript('hearth'), 'rebuild', 'profiles'],
    env: { ...cleanEnvironment(), HEARTH_DATA_DIR: dataDir },
  });
  let peakBytes = 0;
  const sampling = setInterval(() => {
    try {
      const { resident, peak = resident } = memoryOf(program.pid);
      peakBytes = Math.max(peakBytes, peak || 0);
    } catch {
      // It has just ended.
    }
  }, SAMPLE_MS);
  await program.ended;
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(sampling);

  const output = program.output();
  const folded = /^folded ([\d,]+) events in ([\d.]+) s/m.exec(output);
  if (program.child.exitCode !== 0 || !folded || !/^equal: /m.test(output))
    throw new Error(`hearth rebuild profiles failed:\n${output}`);
  return {
    events: Number(folded[1]!.replaceAll(',', '')),
    seconds,
    foldingSeconds: Number(folded[2]),
    peakBytes,
  };
};
