/** What renting a GPU costs, on demand. */
export interface GpuPrice {
  readonly usdPerHour: number;
  /** Whose price, and where it was read. */
  readonly source: string;
}

const nebius = 'Nebius, in the catalogue of SkyPilot (skypilot-org/skypilot-catalog 0082b04)';
const hyperstack = 'Hyperstack, in the catalogue of SkyPilot (skypilot-org/skypilot-catalog fdc9d90)';

/** When the prices were read. They change: a plan can name its own. */
export const gpuPricesReadOn = '2026-11-22';

/** One provider's list price for each, to begin with: what you pay is in your contract. */
export const gpuPrices = {
  'B200-SXM': { usdPerHour: 5.5, source: nebius },
  'H200-SXM': { usdPerHour: 3.5, source: nebius },
  'H100-SXM': { usdPerHour: 2.95, source: nebius },
  'H100-PCIe': { usdPerHour: 1.9, source: hyperstack },
  'A100-80GB-PCIe': { usdPerHour: 1.35, source: hyperstack },
  L40S: { usdPerHour: 1.5484, source: nebius },
  L40: { usdPerHour: 1, source: hyperstack },
} as const satisfies Record<string, GpuPrice>;

export type GpuName = keyof typeof gpuPrices;
export const gpuNames = Object.keys(gpuPrices) as readonly GpuName[];
