import { parseBehaviour, type Behaviour, type BehaviourPatch, type ParsedBehaviour } from './behaviour.ts';

/** A behaviour that changes while the server runs; a change applies to the next request. */
export class LiveBehaviour {
  readonly #preset: BehaviourPatch;
  #current: Behaviour;

  constructor(initial: Behaviour) {
    // What the environment says of the seed and the key stays when a test goes back to the defaults.
    this.#preset = { seed: initial.seed, apiKey: initial.apiKey };
    this.#current = initial;
  }

  get current(): Behaviour {
    return this.#current;
  }

  /** Lays the given fields over the current ones. */
  patch(input: unknown): ParsedBehaviour {
    return this.#adopt(parseBehaviour(this.#current, input));
  }

  /** Back to the defaults with the given fields laid over. */
  replace(input: unknown): ParsedBehaviour {
    return this.#adopt(parseBehaviour(this.#preset, input));
  }

  #adopt(parsed: ParsedBehaviour): ParsedBehaviour {
    if (parsed.kind === 'ok') this.#current = parsed.behaviour;
    return parsed;
  }
}
