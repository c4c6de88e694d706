export interface Welcome {
  readonly url: string;
  readonly dataDir: string;
  /** The key that this start made; it is not kept anywhere. */
  readonly firstKey: string | undefined;
  readonly keyIsConfigured: boolean;
}

/** What a person who starts Hearth needs to know, in a few lines. */
export const welcome = ({ url, dataDir, firstKey, keyIsConfigured }: Welcome): string => {
  const key =
    firstKey !== undefined
      ? `API key (shown once, keep it): ${firstKey}`
      : keyIsConfigured
        ? 'API key: the one in HEARTH_API_KEY'
        : 'API key: the one that the first start showed (HEARTH_API_KEY sets another beside it)';
  return `\nHearth listens on ${url}\nData folder: ${dataDir}\n${key}\n\n`;
};
