import { startThread, threadScript, type Thread } from '@hearth/threads';
import { unpackFailure, type PackedFailure } from './share-protocol.ts';

/** What a thread that hashes a dump is started with. */
export interface DumpSettings {
  readonly file: string;
}
export type DumpRequest = 'hash';
export type DumpReply =
  { readonly opened: true } | { readonly hash: string } | { readonly failed: PackedFailure };

/** Rows are garbage as soon as they are hashed. */
const YOUNG_MB = 48;

/** As `dumpHash`, on a thread of its own: for a caller that has something else to do meanwhile. */
export const dumpHashOnThread = async (file: string): Promise<string> => {
  const settings: DumpSettings = { file };
  const { thread }: { thread: Thread<DumpRequest, DumpReply> } = await startThread(
    threadScript(import.meta.url, 'dump-worker'),
    settings,
    { youngMegabytes: YOUNG_MB },
  );
  const reply = await thread.ask('hash');
  if ('failed' in reply) throw unpackFailure(reply.failed);
  if ('opened' in reply) throw new TypeError('a thread answered twice that it is there');
  return reply.hash;
};
