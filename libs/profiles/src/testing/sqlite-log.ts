import { openSqliteEventReader } from '@hearth/eventstore-sqlite';
import type { LogModule, LogModuleExports } from '../adapters/share-protocol.ts';

/** Opens the log of a test on another thread. */
export const openLog: LogModuleExports['openLog'] = (file) => openSqliteEventReader({ file: file as string });

/** How other threads open the log of a test. */
export const logModule = (file: string): LogModule => ({ url: import.meta.url, settings: file });
