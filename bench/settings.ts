import { readSettings } from '../dev/platform/settings.ts';

/** A platform beside the developer's and the tests'. */
export const settings = readSettings({ ...process.env, SLUICE_PLATFORM: '61' });
