import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { packFile } from './pack-file.ts';

const text = `${JSON.stringify({ name: 'Jürgen 😀', padding: 'x'.repeat(10_000) })}\n`.repeat(50);

it('a gzip file holds the text', async () => {
  expect(gunzipSync(await packFile('000000.json', text, 'gzip')).toString('utf8')).toBe(text);
});

it('a zip archive is read from its end, by its directory, to its one entry', async () => {
  const archive = Buffer.from(await packFile('000000.json', text, 'zip'));
  const end = archive.subarray(-22);
  expect(end.toString('latin1', 0, 4)).toBe('PK\x05\x06');
  expect([end.readUInt16LE(8), end.readUInt16LE(10), end.readUInt16LE(20)]).toEqual([1, 1, 0]);
  const [directoryBytes, directoryAt] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  expect(directoryAt + directoryBytes).toBe(archive.length - 22);

  const directory = archive.subarray(directoryAt);
  expect(directory.toString('latin1', 0, 4)).toBe('PK\x01\x02');
  const [packedBytes, bytes, nameBytes] = [
    directory.readUInt32LE(20),
    directory.readUInt32LE(24),
    directory.readUInt16LE(28),
  ];
  expect(directory.toString('utf8', 46, 46 + nameBytes)).toBe('000000.json');
  expect(directory.readUInt32LE(42)).toBe(0);

  expect(archive.toString('latin1', 0, 4)).toBe('PK\x03\x04');
  const contentAt = 30 + archive.readUInt16LE(26) + archive.readUInt16LE(28);
  const content = inflateRawSync(archive.subarray(contentAt, contentAt + packedBytes));
  expect(contentAt + packedBytes).toBe(directoryAt);
  expect([content.length, crc32(content)]).toEqual([bytes, directory.readUInt32LE(16)]);
  expect(archive.subarray(4, 30)).toEqual(directory.subarray(6, 32));
  expect(content.toString('utf8')).toBe(text);
});
