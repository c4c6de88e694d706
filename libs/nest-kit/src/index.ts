export * from './config/load-config.ts';
export * from './config/setting.ts';
export * from './config/settings.ts';
export * from './config/settings-table.ts';
