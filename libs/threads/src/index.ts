export { answerLookUps } from './answer-look-ups.ts';
export { lookUpThreads, type LookUpThreads } from './look-up-threads.ts';
export { startThread, threadScript, ThreadGone, type Thread } from './thread.ts';
