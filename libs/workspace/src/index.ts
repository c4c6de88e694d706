export { openWorkspace, type OpenWorkspace, type WorkspacePorts } from './application/open-workspace.ts';
export { BLOCKLIST_LIMIT, LARGEST_LIST_LIMIT } from './domain/limits.ts';
export { groupIdOf, readGroupId } from './domain/subscription-groups.ts';
export { withoutBlocklisted } from './domain/without-blocklisted.ts';
export type { WorkspaceCommand, WorkspaceRejection } from './domain/workspace-command.ts';
export { decideWorkspace } from './domain/decide-workspace.ts';
export { emptyWorkspace, evolveWorkspace, type Workspace } from './domain/workspace.ts';
