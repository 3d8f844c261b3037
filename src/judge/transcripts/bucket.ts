import { DeleteObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { BucketConfig } from '../../domain/judge/config.ts';
import { keptMs, type Sheet, type SheetOrder } from './sheet.ts';

/** What a store knows somebody by. */
export interface BucketKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How long things take at most. */
export interface BucketTimes {
  /** So much of a Job that is killed may be lost. */
  readonly writeEveryMs: number;
  /** Of one writing, tries included: twice that is less than what a Job has left after its deadline. */
  readonly patienceMs: number;
}

const usualTimes: BucketTimes = { writeEveryMs: 30_000, patienceMs: 20_000 };

/**
 * An object of a bucket. Objects cannot grow, so it is written as a whole, again and again; the first time empty: what a
 * store does not allow shows before anybody is asked.
 * @throws what the store says
 */
export async function openObject(
  bucket: BucketConfig,
  keys: BucketKeys | null,
  { name, tidyAtMs }: SheetOrder,
  times = usualTimes,
): Promise<Sheet> {
  if (keys === null) throw new NoBucketKeys();
  const client = clientOf(bucket, keys);
  try {
    if (tidyAtMs !== null) await tidy(client, bucket, tidyAtMs, times);
    const sheet = new ObjectSheet(client, bucket, name, times);
    await sheet.write();
    return sheet;
  } catch (error) {
    client.destroy();
    throw error;
  }
}

class NoBucketKeys extends Error {
  override readonly name = 'NoBucketKeys';
}

/** Its client would say that it was told to give up. */
class StoreTimeout extends Error {
  override readonly name = 'StoreTimeout';
}

function clientOf({ endpoint, region }: BucketConfig, credentials: BucketKeys): S3Client {
  return new S3Client({
    ...{ endpoint, region, credentials },
    // Every store knows it, whatever its names and certificates are.
    forcePathStyle: true,
    // Checksums that AWS has added are unknown to many stores.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
  });
}

class ObjectSheet implements Sheet {
  readonly reference: string;
  readonly #client: S3Client;
  readonly #bucket: BucketConfig;
  readonly #name: string;
  readonly #times: BucketTimes;
  #text = '';
  #nextMs: number;
  #underWay: Promise<void> | null = null;

  constructor(client: S3Client, bucket: BucketConfig, name: string, times: BucketTimes) {
    this.#client = client;
    this.#bucket = bucket;
    this.#name = name;
    this.#times = times;
    this.#nextMs = performance.now() + times.writeEveryMs;
    this.reference = `s3://${bucket.name}/${bucket.prefix}${name}`;
  }

  append(line: string): Promise<void> {
    this.#text += line;
    if (this.#underWay === null && performance.now() >= this.#nextMs) {
      // Nobody waits for it, and what is wrong with it now may be over at the end.
      this.#underWay = this.write()
        .catch(() => undefined)
        .finally(() => {
          this.#underWay = null;
          this.#nextMs = performance.now() + this.#times.writeEveryMs;
        });
    }
    return Promise.resolve();
  }

  async close(): Promise<void> {
    try {
      // One that comes late must not replace the last one.
      await this.#underWay;
      await this.write();
    } finally {
      this.#client.destroy();
    }
  }

  /** All that there is by now. */
  async write(): Promise<void> {
    const { name, prefix } = this.#bucket;
    const body = Buffer.from(this.#text);
    const put = new PutObjectCommand({
      Bucket: name,
      Key: `${prefix}${this.#name}`,
      Body: body,
      // Of an empty body the client would not tell.
      ContentLength: body.length,
      ContentType: 'application/x-ndjson',
    });
    const abortSignal = AbortSignal.timeout(this.#times.patienceMs);
    try {
      await this.#client.send(put, { abortSignal });
    } catch (error) {
      throw abortSignal.aborted ? new StoreTimeout() : error;
    }
  }
}

/** What there is no time for is left to the next Job. */
async function tidy(
  client: S3Client,
  { name, prefix }: BucketConfig,
  nowMs: number,
  { patienceMs }: BucketTimes,
): Promise<void> {
  const abortSignal = AbortSignal.timeout(patienceMs);
  const asked = { Bucket: name, Prefix: prefix, Delimiter: '/' };
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, asked, { abortSignal })) {
      for (const { Key = '', LastModified } of Contents) {
        const kept = keptMs(Key);
        // One that another Job has removed meanwhile is no error.
        if (kept !== null && (LastModified?.getTime() ?? Infinity) + kept < nowMs)
          await client.send(new DeleteObjectCommand({ Bucket: name, Key }), { abortSignal });
      }
    }
  } catch (error) {
    if (!abortSignal.aborted) throw error;
  }
}
