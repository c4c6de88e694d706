import { promisify } from 'node:util';
import { crc32, deflateRaw, gzip } from 'node:zlib';
import type { OutputFormat } from '../domain/export/export-segment-request.ts';

const deflated = promisify(deflateRaw);
const gzipped = promisify(gzip);

/** A text as a compressed file: a zip archive of one entry, or a gzip file. */
export const packFile = async (name: string, text: string, format: OutputFormat): Promise<Uint8Array> => {
  const content = Buffer.from(text, 'utf8');
  return format === 'gzip' ? gzipped(content) : zipOf(name, content);
};

/** 1 January 1980, the first day that zip knows: the content alone decides the bytes. */
const DOS_DATE = 0x21;
/** The name is UTF-8. */
const FLAGS = 0x0800;
const DEFLATE = 8;
const VERSION = 20;
const LOCAL_HEADER_BYTES = 30;

const zipOf = async (name: string, content: Buffer): Promise<Buffer> => {
  const packed = await deflated(content);
  const entryName = Buffer.from(name, 'utf8');

  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(FLAGS, 2);
  common.writeUInt16LE(DEFLATE, 4);
  common.writeUInt16LE(0, 6);
  common.writeUInt16LE(DOS_DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(entryName.length, 22);

  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, entryName]);
  const directory = Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    Buffer.from([VERSION, 0]),
    common,
    // Comment, disk, attributes, and the place of the only entry: all zero.
    Buffer.alloc(14),
    entryName,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(LOCAL_HEADER_BYTES + entryName.length + packed.length, 16);
  return Buffer.concat([local, packed, directory, end]);
};
