/** The stream in which a store keeps what it knows of itself: its id, and what was erased. No reader sees it. */
export const STORE_STREAM = 'hearth-store';
