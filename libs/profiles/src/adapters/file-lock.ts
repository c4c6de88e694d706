import { DatabaseSync } from 'node:sqlite';
import { translating } from './sqlite-errors.ts';

/**
 * Keeps a second process from writing the same file. The lock is the operating system's, on a file beside it, so it goes
 * with the process however that ends, and readers of the file itself are not in its way.
 */
export const lockFile = (file: string): { release(): void } =>
  translating(file, () => {
    const lock = new DatabaseSync(`${file}.lock`);
    try {
      lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      lock.close();
      throw error;
    }
    return { release: () => lock.close() };
  });
