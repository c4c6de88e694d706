import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/**
 * For programs that tests start as processes of their own (`node --import <this file> program.ts`): `@hearth/*` leads to
 * the sources, by the table the compiler reads, so that nothing has to be built before.
 */
const root = new URL('../../../../', import.meta.url);
const base = JSON.parse(readFileSync(new URL('tsconfig.base.json', root), 'utf8')) as {
  compilerOptions: { paths: Record<string, [string]> };
};

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const target = base.compilerOptions.paths[specifier]?.[0];
    return target ? { url: new URL(target, root).href, shortCircuit: true } : nextResolve(specifier, context);
  },
});
