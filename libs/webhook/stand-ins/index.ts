import { alertmanagerTarget } from './targets/alertmanager';
import { discordTarget } from './targets/discord';
import { googleChatTarget } from './targets/google-chat';
import { mattermostTarget } from './targets/mattermost';
import { pagerDutyTarget } from './targets/pagerduty';
import { slackTarget } from './targets/slack';
import { teamsTarget } from './targets/teams';
import { telegramTarget } from './targets/telegram';
import { rolloutTarget, webhookTarget } from './targets/webhook';

export { StandIn } from './stand-in';
export type { Exchange, Trick } from './stand-in';
export type { StandInAnswer, StandInRequest, Target } from './target';
export type { TakenAlert } from './targets/alertmanager';
export type { PagerDutyAlert } from './targets/pagerduty';

/** A fresh target of each kind of receiver. */
export const targets = {
  slack: slackTarget,
  teams: teamsTarget,
  discord: discordTarget,
  'google-chat': googleChatTarget,
  mattermost: mattermostTarget,
  telegram: telegramTarget,
  pagerduty: pagerDutyTarget,
  alertmanager: alertmanagerTarget,
  webhook: webhookTarget,
  rollout: rolloutTarget,
};
