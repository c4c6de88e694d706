export { startThread, threadScript, ThreadGone, type Thread } from './thread.ts';
