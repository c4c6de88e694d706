import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readVerified, verifyArchive } from './archive-source.ts';
import { anyEvent, archiveIn, archiveOf, sha256Digest } from '../testing/archives.ts';
import { ArchiveError } from '../domain/archive-error.ts';
import type { ArchivedEvent } from '../domain/archive-lines.ts';

const verify = (bytes: Uint8Array, size?: number) =>
  verifyArchive({ source: archiveIn(bytes, size), newDigest: sha256Digest });

const refusalOf = async (bytes: Uint8Array): Promise<ArchiveError> => {
  const error: unknown = await verify(bytes).then(
    () => expect.fail('the archive was taken for whole'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ArchiveError);
  expect((error as ArchiveError).message).not.toContain('\n');
  return error as ArchiveError;
};

const event = (n: number): ArchivedEvent => ({
  stream: 'thing-1',
  revision: n,
  id: `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`,
  type: 'SomethingHappened',
  data: { n, text: 'grüße' },
  metadata: {
    $correlationId: 'c',
    $causationId: 'c',
    source: 'test',
    received_at: '2026-11-22T04:44:05.123Z',
    schema: 1,
  },
});

const three = archiveOf([event(0), event(1), event(2)]);
const text = three.toString();

describe('an archive', () => {
  it('gives back every event as it was, however its bytes arrive', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 20 }),
        fc.integer({ min: 1, max: 4_000 }),
        async (events, size) => {
          const bytes = archiveOf(events);
          const verified = await verify(bytes, size);
          expect(verified.events).toBe(events.length);
          const read: ArchivedEvent[] = [];
          const ports = { source: archiveIn(bytes, size), newDigest: sha256Digest };
          for await (const { event } of readVerified(ports, verified)) read.push(event);
          expect(JSON.stringify(read)).toBe(JSON.stringify(events));
        },
      ),
    ));

  it('is refused with any bit of it flipped', () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 5 }), fc.nat(), fc.nat(7), async (events, at, bit) => {
        const bytes = archiveOf(events);
        bytes[at % bytes.length]! ^= 1 << bit;
        await refusalOf(bytes);
      }),
      { numRuns: 500 },
    ));

  it('is refused wherever it is cut off', async () => {
    for (let length = 0; length < three.length; length++) await refusalOf(three.subarray(0, length));
  });

  it('is refused with a line twice, left out or out of order', async () => {
    const lines = text.split('\n').slice(0, -1);
    const whole = (of: readonly string[]) => Buffer.from(of.map((line) => `${line}\n`).join(''));
    expect(whole(lines).equals(three)).toBe(true);
    for (let at = 1; at < lines.length; at++) {
      await refusalOf(whole(lines.toSpliced(at, 1)));
      await refusalOf(whole(lines.toSpliced(at, 0, lines[at]!)));
      await refusalOf(whole(lines.toSpliced(at - 1, 2, lines[at]!, lines[at - 1]!)));
    }
  });
});

describe('a refusal', () => {
  it.each([
    ['an empty file', '', 'not_an_archive', 'empty'],
    ['another file', 'id,name\n1,Ada\n', 'not_an_archive', 'hearth log export'],
    ['a binary file', Buffer.from([0xff, 0xfe, 0x00, 0x0a]), 'not_an_archive', 'not text'],
    ['a later version', archiveOf([], { version: 2 }), 'archive_newer', 'update Hearth'],
    ['no footer', text.slice(0, text.indexOf('{"footer"')), 'archive_cut_off', 'footer'],
    ['half a line', text.slice(0, text.indexOf('"revision":1')), 'archive_cut_off', 'line 3'],
    ['a line that is not JSON', text.replace('"revision":1,', '"revision":1;'), 'archive_damaged', 'line 3'],
    ['a line that is no event', text.replace('"revision":1,', ''), 'archive_damaged', 'line 3'],
    ['a changed value', text.replace('"n":1', '"n":7'), 'archive_damaged', 'checksum'],
    ['other spacing', text.replace('"n":1', '"n": 1'), 'archive_damaged', 'checksum'],
    ['other line ends', text.replaceAll('\n', '\r\n'), 'archive_damaged', 'checksum'],
    ['something behind the footer', `${text}\n`, 'archive_damaged', 'line 6'],
    ['another count', text.replace('"events":3', '"events":4'), 'archive_damaged', '3 stand in the archive'],
  ])('of %s says what is wrong', async (_, bytes, code, part) => {
    const error = await refusalOf(Buffer.from(bytes));
    expect(error.code).toBe(code);
    expect(error.message).toContain(part);
  });

  it('comes for a file that is changed between its two readings', async () => {
    const verified = await verify(three);
    const source = archiveIn(archiveOf([event(0), event(1)]));
    const reading = async () => {
      for await (const read of readVerified({ source, newDigest: sha256Digest }, verified)) void read;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'archive_changed' });
  });

  it('comes before a file without line feeds is held whole', async () => {
    const endless = archiveIn(Buffer.alloc(9_000_000, 'x'));
    await expect(verifyArchive({ source: endless, newDigest: sha256Digest })).rejects.toMatchObject({
      code: 'not_an_archive',
    });
  });
});
