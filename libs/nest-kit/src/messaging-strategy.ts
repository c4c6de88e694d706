import { Catch, type ArgumentsHost, type INestApplication, type RpcExceptionFilter } from '@nestjs/common';
import {
  BaseRpcContext,
  NestMicroservice,
  Server,
  type CustomTransportStrategy,
  type MessageHandler,
} from '@nestjs/microservices';
import type { MessageContext, MessageHeaders, Messaging, Registration } from '@hearth/messaging';
import { lastValueFrom, throwError, type Observable } from 'rxjs';

/** What `@Ctx()` gives a handler: the message's subject, ids and deadline. */
export class MessagingContext extends BaseRpcContext<[MessageContext]> implements MessageContext {
  get subject(): string {
    return this.args[0].subject;
  }
  get headers(): MessageHeaders {
    return this.args[0].headers;
  }
  get deadline(): number {
    return this.args[0].deadline ?? Infinity;
  }
}

export interface MessagingStrategyOptions {
  /** Handlers share their messages with those of other instances under this name, unless their decorator names a `queue`. */
  readonly queue?: string;
}

type Events = { connected: () => void; disconnected: () => void };

/**
 * Nest's way in for messages, on any adapter of the `Messaging` port: `@MessagePattern` handlers answer requests,
 * `@EventPattern<string>` handlers hear what is published (the type argument picks the overload that allows a typed
 * `@Ctx()`). Patterns are subjects, so plain strings. A handler that returns an observable answers with its last value.
 * Closing takes nothing new and waits for handlers in flight; the messaging stays open, for its owner to close.
 */
export class MessagingStrategy extends Server<Events> implements CustomTransportStrategy {
  override readonly transportId = Symbol('messaging');
  /** Failures of event handlers go to the messaging's own hook; Nest would log them and say nothing. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #messaging: Messaging;
  readonly #queue: string | undefined;
  #registrations: Registration[] = [];

  constructor(messaging: Messaging, { queue }: MessagingStrategyOptions = {}) {
    super();
    this.#messaging = messaging;
    this.#queue = queue;
  }

  /** Resolves, and calls back, when the server knows of every handler. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const [subject, handler] of this.messageHandlers) this.#register(subject, handler);
      await this.#messaging.flush();
      callback();
    } catch (error) {
      await this.close();
      callback(error);
    }
  }

  async close(): Promise<void> {
    const registrations = this.#registrations;
    this.#registrations = [];
    await Promise.all(registrations.map((registration) => registration.stop()));
  }

  on<Event extends keyof Events>(event: Event, callback: Events[Event]): void {
    this.#messaging.onConnectionChange((connected) => {
      if (connected === (event === 'connected')) callback();
    });
  }

  unwrap<T = Messaging>(): T {
    return this.#messaging as T;
  }

  #register(subject: string, handler: MessageHandler): void {
    const queue: unknown = handler.extras?.['queue'] ?? this.#queue;
    const options = typeof queue === 'string' ? { queue } : {};
    this.#registrations.push(
      handler.isEventHandler
        ? this.#messaging.subscribe(
            subject,
            async (payload, context) => void (await this.#run(handler, payload, context)),
            options,
          )
        : this.#messaging.respond(
            subject,
            (payload, context) => this.#run(handler, payload, context),
            options,
          ),
    );
  }

  #run(handler: MessageHandler, payload: unknown, message: MessageContext): Promise<unknown> {
    const context = new MessagingContext([message]);
    return new Promise((resolve, reject) => {
      this.onProcessingStartHook(this.transportId, context, async () => {
        try {
          const result: unknown = await handler(payload, context);
          resolve(await lastValueFrom(this.transformToObservable(result), { defaultValue: undefined }));
        } catch (error) {
          reject(error as Error);
        } finally {
          this.onProcessingEndHook?.(this.transportId, context);
        }
      });
    });
  }
}

/** Lets errors of handlers pass as they are, codes included: Nest's own filter makes one and the same of all of them. */
@Catch()
export class PassErrorsOn implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/** Adds the message handlers of an application's controllers; `app.startAllMicroservices()` then starts them. */
export const connectMessaging = (
  app: INestApplication,
  messaging: Messaging,
  options?: MessagingStrategyOptions,
): void => {
  const microservice = app.connectMicroservice(
    { strategy: new MessagingStrategy(messaging, options) },
    // Filters have to stand before handlers are bound, which happens at the start then.
    { deferInitialization: true },
  );
  microservice.useGlobalFilters(new PassErrorsOn());
  // The application has run the modules' hooks already; deferring would run them again.
  if (microservice instanceof NestMicroservice) microservice.setIsInitHookCalled(true);
};
