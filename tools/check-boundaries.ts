// Holds the packages to their layers: `node tools/check-boundaries.ts`. Prints a line a violation and exits with 1.
import { fileURLToPath } from 'node:url';
import { boundaryViolations } from './check-boundaries-rules.ts';
import { readWorkspace, unbuilt } from './check-boundaries-workspace.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const workspace = readWorkspace(root);
const violations = [
  ...boundaryViolations(workspace),
  ...unbuilt(root).map((folder) => `${folder} is missing from the references of the root's tsconfig.json`),
];
for (const violation of violations) console.error(`boundaries: ${violation}`);
if (violations.length > 0) process.exitCode = 1;
else
  console.log(
    `boundaries: ${workspace.projects.length} packages, ${workspace.edges.length} edges, all in order`,
  );
