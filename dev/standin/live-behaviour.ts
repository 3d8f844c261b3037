import { parseBehaviour, type Behaviour, type BehaviourPatch, type ParsedBehaviour } from './behaviour.ts';

/** The behaviour a server has now, and the numbering of its requests. */
export class LiveBehaviour {
  /** What a replacement starts from: the defaults, and the seed the server was started with. */
  readonly #preset: BehaviourPatch;
  #current: Behaviour;
  #nextRequest = 0;
  readonly #onChange: (() => void)[] = [];

  constructor(initial: Behaviour) {
    this.#preset = { seed: initial.seed };
    this.#current = initial;
  }

  get current(): Behaviour {
    return this.#current;
  }

  /** The number of the next request, from 0; each is given once per seed set. */
  takeNumber(): number {
    return this.#nextRequest++;
  }

  /** Calls `listener` after every accepted change. */
  onChange(listener: () => void): void {
    this.#onChange.push(listener);
  }

  /** Lays the given fields over the current ones. Naming a seed, even the same, numbers requests from 0 again. */
  patch(input: unknown): ParsedBehaviour {
    const namesSeed = typeof input === 'object' && input !== null && 'seed' in input;
    return this.#adopt(parseBehaviour(this.#current, input), namesSeed);
  }

  /** Back to the defaults with the given fields laid over, numbering requests from 0 again. */
  replace(input: unknown): ParsedBehaviour {
    return this.#adopt(parseBehaviour(this.#preset, input), true);
  }

  #adopt(parsed: ParsedBehaviour, renumber: boolean): ParsedBehaviour {
    if (parsed.kind === 'refused') return parsed;
    this.#current = parsed.behaviour;
    if (renumber) this.#nextRequest = 0;
    for (const listener of this.#onChange) listener();
    return parsed;
  }
}
