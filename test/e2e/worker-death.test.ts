import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { activityTypes } from '../support/moments.ts';
import { afterWrites, allOf, beforeWrites, done, inside, told } from '../support/deaths.ts';
import { quickWorkers } from '../support/quick-workers.ts';
import { Walk, type Walked } from '../support/walk.ts';

const minute = 60_000;
