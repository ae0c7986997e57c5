import type { SecondOpinion } from '@ringwatch/detection';
import type { SecondOpinionShown } from './incident-change';
import { rounded } from './figures';

/** The second opinion as it is written down. */
export function secondOpinionOf(opinion: SecondOpinion): SecondOpinionShown {
  const { maxsprt, rateRatio, crashRate, informationComponent, knownRate } = opinion;
  return {
    maxsprt: maxsprt && {
      ln_ratio: rounded(maxsprt.lnRatio),
      critical_value: rounded(maxsprt.critical),
      horizon: maxsprt.horizon,
      agrees: maxsprt.agrees,
    },
    rate_ratio: rateRatio && {
      estimate: rateRatio.estimate === null ? null : rounded(rateRatio.estimate),
      low: rounded(rateRatio.low),
      high: rateRatio.high === null ? null : rounded(rateRatio.high),
      method: rateRatio.method,
    },
    crash_rate: crashRate && {
      estimate: rounded(crashRate.estimate),
      low: rounded(crashRate.low),
      high: rounded(crashRate.high),
    },
    information_component: informationComponent && {
      value: rounded(informationComponent.value),
      low: rounded(informationComponent.low),
    },
    known_rate: knownRate === null ? null : rounded(knownRate),
  };
}
