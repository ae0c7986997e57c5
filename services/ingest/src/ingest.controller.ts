import { Controller, UseFilters } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { type MessageBatch, PassErrorsOn } from '@ringwatch/kafka';
import { Intake } from './intake';

/** One handler a topic. A handler's promise decides whether the batch is committed. */
@Controller()
@UseFilters(PassErrorsOn)
export class IngestController {
  constructor(private readonly intake: Intake) {}

  @EventPattern('bugchecks')
  bugchecks(@Payload() batch: MessageBatch): Promise<void> {
    return this.intake.take('bugchecks', batch);
  }

  @EventPattern('updates')
  updates(@Payload() batch: MessageBatch): Promise<void> {
    return this.intake.take('updates', batch);
  }

  @EventPattern('installs')
  installs(@Payload() batch: MessageBatch): Promise<void> {
    return this.intake.take('installs', batch);
  }

  @EventPattern('heartbeats')
  heartbeats(@Payload() batch: MessageBatch): Promise<void> {
    return this.intake.take('heartbeats', batch);
  }

  @EventPattern('incident-actions')
  incidentActions(@Payload() batch: MessageBatch): Promise<void> {
    return this.intake.take('incident-actions', batch);
  }
}
