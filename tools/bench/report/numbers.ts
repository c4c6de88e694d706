/** Whole numbers with separators: `12,345`. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Milliseconds with as many digits as they are good for. */
export const milliseconds = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

/** `2.31 x`. */
export const times = (ratio: number): string => `${ratio.toFixed(2)} x`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const megabytes = (bytes: number): string => `${whole(bytes / 2 ** 20)} MiB`;
