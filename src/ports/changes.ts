/** Tells when asking again what somebody else changed is worth the request. */
export interface ChangeWatch {
  /**
   * Whether any of the objects may have changed since the last call: true at the first call, and as long as nobody can
   * tell. Only the answer false is certain.
   */
  mayHaveChanged(): boolean;
  end(): void;
}
