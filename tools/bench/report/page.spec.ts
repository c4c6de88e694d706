import { describe, expect, it } from 'vitest';
import { replacePart } from './page.ts';
import { markdownTable } from './section.ts';

const page = '# Title\n\n<!-- bench:sync -->\n\nold\n\n<!-- /bench:sync -->\n\nWords.\n';

describe('replacePart', () => {
  it('replaces what is between the markers and nothing else', () => {
    expect(replacePart(page, 'sync', 'new')).toBe(
      '# Title\n\n<!-- bench:sync -->\n\nnew\n\n<!-- /bench:sync -->\n\nWords.\n',
    );
  });

  it('can be repeated', () => {
    expect(replacePart(replacePart(page, 'sync', 'new'), 'sync', 'old')).toBe(page);
  });

  it('refuses a page without the markers', () => {
    expect(() => replacePart(page, 'async', 'new')).toThrow(/bench:async/);
  });
});

describe('markdownTable', () => {
  it('pads its columns', () => {
    expect(markdownTable(['a', 'long'], [['12345', 'b']])).toBe(
      '| a     | long |\n| ----- | ---- |\n| 12345 | b    |',
    );
  });
});
