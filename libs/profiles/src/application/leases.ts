/** Who may do something that only one may do at a time. Held in memory: after a restart it is free again. */
export interface Leases {
  /** Takes or renews a lease for some milliseconds; 0 gives it back. False while somebody else holds it. */
  take(name: string, holder: string, milliseconds: number): boolean;
}

export const createLeases = (now: () => number): Leases => {
  const held = new Map<string, { readonly holder: string; readonly until: number }>();
  return {
    take(name, holder, milliseconds) {
      const lease = held.get(name);
      if (lease !== undefined && lease.holder !== holder && lease.until > now()) return false;
      if (milliseconds === 0) held.delete(name);
      else held.set(name, { holder, until: now() + milliseconds });
      return true;
    },
  };
};
