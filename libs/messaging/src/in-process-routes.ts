import { subjectMatcher } from './subjects.ts';

interface Route {
  readonly subject: string;
  readonly queue: string | undefined;
}

/** Who listens to what. `select` gives everybody without a queue, and of each queue one member in turn. */
export const inProcessRoutes = <R extends Route>() => {
  const exact = new Map<string, R[]>();
  const wild: { readonly route: R; readonly matches: (subject: string) => boolean }[] = [];
  let turn = 0;

  const matching = (subject: string): readonly R[] => {
    const direct = exact.get(subject) ?? [];
    if (wild.length === 0) return direct;
    return [...direct, ...wild.filter(({ matches }) => matches(subject)).map(({ route }) => route)];
  };

  return {
    /** Adds a route and returns the way to remove it. */
    add(route: R): () => void {
      if (/[*>]$/.test(route.subject)) {
        const entry = { route, matches: subjectMatcher(route.subject) };
        wild.push(entry);
        return () => void (wild.includes(entry) && wild.splice(wild.indexOf(entry), 1));
      }
      exact.set(route.subject, [...(exact.get(route.subject) ?? []), route]);
      return () => {
        const left = (exact.get(route.subject) ?? []).filter((other) => other !== route);
        if (left.length > 0) exact.set(route.subject, left);
        else exact.delete(route.subject);
      };
    },

    select(subject: string): readonly R[] {
      const all = matching(subject);
      if (all.length < 2) return all;
      const queues = Map.groupBy(
        all.filter(({ queue }) => queue !== undefined),
        ({ queue }) => queue,
      );
      turn++;
      return [
        ...all.filter(({ queue }) => queue === undefined),
        ...[...queues.values()].map((members) => members[turn % members.length]!),
      ];
    },
  };
};
