import { Controller, type Type, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type MessageBatch, PassErrorsOn } from '@ringwatch/kafka';

/** What one consumer does with a batch of each topic; the promise decides whether the batch is committed. */
export interface TopicHandlers {
  incidents: (batch: MessageBatch) => Promise<void>;
  requests: (batch: MessageBatch) => Promise<void>;
}

/**
 * A controller of its own for each consumer: Nest gives a handler to every transport unless it is bound to one, and what
 * a batch means depends on the receiver that reads it.
 */
export function topicsControllerFor(transport: symbol, handlers: TopicHandlers): Type<unknown> {
  @Controller()
  @UseFilters(PassErrorsOn)
  class TopicsController {
    @EventPattern('incidents', transport)
    deliver(@Payload() batch: MessageBatch): Promise<void> {
      return handlers.incidents(batch);
    }

    @EventPattern('notifier-requests', transport)
    obey(@Payload() batch: MessageBatch): Promise<void> {
      return handlers.requests(batch);
    }
  }
  return TopicsController;
}
