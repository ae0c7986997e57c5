import { Controller, type Type, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type MessageBatch, PassErrorsOn } from '@ringwatch/kafka';

/** What one consumer of the topic does with a batch; its promise decides whether the batch is committed. */
export type BatchHandler = (batch: MessageBatch) => Promise<void>;

/**
 * A controller of its own for each consumer: Nest gives a handler to every transport unless it is bound to one, and what
 * a batch means depends on the receiver that reads it.
 */
export function incidentsControllerFor(transport: symbol, handle: BatchHandler): Type<unknown> {
  @Controller()
  @UseFilters(PassErrorsOn)
  class IncidentsController {
    @EventPattern('incidents', transport)
    deliver(@Payload() batch: MessageBatch): Promise<void> {
      return handle(batch);
    }
  }
  return IncidentsController;
}
