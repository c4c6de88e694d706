import { openSqliteEventReader } from '@hearth/eventstore-sqlite';
import type { LogModuleExports } from '@hearth/profiles';

/** Opens a log in a SQLite file on a thread that reads it for itself. A module of its own, so that such threads load little. */
export const openLog: LogModuleExports['openLog'] = (file) => openSqliteEventReader({ file: file as string });
