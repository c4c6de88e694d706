import { WORKSPACE_STREAM } from '@hearth/contracts';
import {
  isRejection,
  WrongExpectedRevision,
  type EventMetadata,
  type EventStore,
  type RecordedEvent,
  type Rejection,
} from '@hearth/eventing';

import { decideWorkspace } from '../domain/decide-workspace.ts';
import type { WorkspaceCommand, WorkspaceRejection } from '../domain/workspace-command.ts';
import { emptyWorkspace, evolveWorkspace, type Workspace } from '../domain/workspace.ts';

export interface WorkspacePorts {
  readonly store: EventStore;
  /** A new random UUID. */
  readonly newId: () => string;
  /** Is told when the settings can no longer be followed: what holds then is the last that was heard. */
  readonly onFailure: (error: Error) => void;
}

/** The settings of the workspace, read from the log and followed live. */
export interface OpenWorkspace {
  /** As of now. The same object until something changes. */
  readonly current: Workspace;
  /** Calls back after each change with the settings that hold from then on. */
  onChange(listener: (workspace: Workspace) => void): void;
  /**
   * Decides a command and appends what follows; a race with another instance is decided anew. Only ingestion calls it: it is
   * the sole writer of the stream.
   */
  change(
    command: WorkspaceCommand,
    metadata: EventMetadata,
  ): Promise<Workspace | Rejection<WorkspaceRejection>>;
  close(): Promise<void>;
}

/** Reads the settings and follows them. Throws the store's errors where they cannot be read. */
export const openWorkspace = async ({ store, newId, onFailure }: WorkspacePorts): Promise<OpenWorkspace> => {
  let current = emptyWorkspace;
  let revision = -1;
  const listeners: ((workspace: Workspace) => void)[] = [];

  /** Events come by the subscription, by a read, and right after an own append: each counts once. */
  const apply = (event: Pick<RecordedEvent, 'type' | 'data' | 'revision'>): void => {
    if (event.revision !== revision + 1) return;
    current = evolveWorkspace(current, event);
    revision = event.revision;
  };
  const catchUp = async (): Promise<void> => {
    for (let done = false; !done;) {
      const slice = await store.readStream(WORKSPACE_STREAM, { from: revision });
      slice.events.forEach(apply);
      done = slice.endOfStream || slice.events.length === 0;
    }
  };
  const tell = (): void => listeners.forEach((listener) => listener(current));

  const from = await store.head();
  await catchUp();
  const stopping = new AbortController();
  const following = (async () => {
    const filter = { streamPrefixes: [WORKSPACE_STREAM] };
    const { signal } = stopping;
    for await (const { events } of store.subscribe({ from, filter, eventsOnly: true, signal })) {
      const before = revision;
      for (const event of events) {
        apply(event);
        if (event.revision > revision) await catchUp();
      }
      if (revision > before) tell();
    }
  })().catch(onFailure);

  return {
    get current() {
      return current;
    },
    onChange: (listener) => void listeners.push(listener),
    async change(command, metadata) {
      for (;;) {
        const decided = decideWorkspace(command, current);
        if (isRejection(decided)) return decided;
        if (decided.length === 0) return current;
        const before = revision;
        const events = decided.map((event) => ({ id: newId(), ...event, metadata }));
        try {
          await store.append(WORKSPACE_STREAM, events, {
            expectedRevision: before === -1 ? 'no_stream' : before,
          });
          events.forEach((event, index) => apply({ ...event, revision: before + 1 + index }));
          tell();
          return current;
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
          await catchUp();
          tell();
        }
      }
    },
    async close() {
      stopping.abort();
      await following;
    },
  };
};
