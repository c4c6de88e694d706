import type { MessagePort } from 'node:worker_threads';
import type { LookUpReply, LookUpRequest } from './look-up-threads.ts';

/** The other side of `lookUpThreads`, in the thread: answers until it is told to close, and then ends. */
export const answerLookUps = <Question, Answer>(
  port: MessagePort,
  lookUp: (question: Question) => Answer,
  close: () => void,
): void => {
  port.on('message', (request: LookUpRequest<Question>) => {
    if (request === 'close') {
      close();
      port.postMessage([] satisfies LookUpReply<Answer>);
      port.close();
      return;
    }
    let reply: LookUpReply<Answer>;
    try {
      reply = request.map(lookUp);
    } catch {
      reply = []; // whoever asked looks it up, and tells what is wrong
    }
    port.postMessage(reply);
  });
  port.postMessage([] satisfies LookUpReply<Answer>);
};
