import type { Toolbox } from '../tools/toolbox.ts';
import type { Image } from './images.ts';
import type { Probe } from './probe.ts';
import type { Settings, pathsOf } from './settings.ts';

/** What the description of a part may refer to. */
export interface Context {
  readonly settings: Settings;
  readonly paths: ReturnType<typeof pathsOf>;
  readonly toolbox: Toolbox;
  readonly images: readonly Image[];
}

interface Common {
  readonly name: string;
  /** One sentence for `make status` and docs/platform.md. */
  readonly about: string;
  /** Parts that must be healthy before this one starts. */
  readonly needs: readonly string[];
  readonly health: (context: Context) => Probe;
  /** What people open or connect to: label -> address. */
  readonly addresses?: (context: Context) => Readonly<Record<string, string>>;
}

/** A process that the supervisor keeps running, with a log of its own. */
export interface ProcessPart extends Common {
  readonly kind: 'process';
  /** Configuration files, written before it starts: name under the config folder -> content. */
  readonly files?: (context: Context) => Readonly<Record<string, string>>;
  /** Program and arguments; the program is looked up among the tools. */
  readonly command: (context: Context) => readonly string[];
}

/** Objects in the cluster, applied on every start. */
export interface ManifestPart extends Common {
  readonly kind: 'manifests';
  /** YAML files or folders of them. */
  readonly manifests: (context: Context) => readonly string[];
}

/** Container images, loaded into the node on every start. */
export interface ImagePart extends Common {
  readonly kind: 'images';
}

export type Part = ProcessPart | ManifestPart | ImagePart;
