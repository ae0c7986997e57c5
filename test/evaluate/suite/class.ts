import type { RandomSource } from '@ringwatch/fleet';
import type { Plan } from '../world/plan';

/** What a run may draw from: its own random numbers, and whether it is to stay within the ranges that were used for tuning. */
export interface Draw {
  random: RandomSource;
  /** The run's number within its class, from 0: parameters that the class lists are taken in turn. */
  turn: number;
  /** Also values that no tuning run has: logistic and bursty adoption, Weibull delays, heavier organisations. */
  beyond: boolean;
  /** No fleet is to be larger than this. */
  mostHosts?: number;
}

/** A class of scenarios of section 7.1. */
export interface ScenarioClass {
  number: string;
  title: string;
  /** What must come out, in a few words. */
  wanted: string;
  /**
   * Runs of the full report, about an hour on two cores: hundreds where a run takes a second or less, and for dear ones (a
   * guard that is asked at every tick for hours, the largest fleets) as many as cost some minutes together.
   */
  runs: number;
  plan: (draw: Draw) => Plan;
}
