const begin = (name: string): string => `<!-- bench:${name} -->`;
const end = (name: string): string => `<!-- /bench:${name} -->`;

/** The page with the part between the markers of that name replaced. Throws where the page has no such markers. */
export const replacePart = (page: string, name: string, content: string): string => {
  const from = page.indexOf(begin(name));
  const to = page.indexOf(end(name));
  if (from < 0 || to < from) throw new Error(`the page lacks ${begin(name)} … ${end(name)}`);
  return `${page.slice(0, from + begin(name).length)}\n\n${content}\n\n${page.slice(to)}`;
};
