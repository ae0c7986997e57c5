import { useMemo } from 'preact/hooks';
import { Figure } from '../../charts/figure';
import { pathOf } from '../../frame/address';
import { useTitle } from '../../frame/title';
import { Failed, Loading, Stale } from '../../parts/states';
import { useLive } from '../../read/use-live';
import { EvidenceFigure } from '../incident/evidence-figure';
import { Actions } from './actions';
import { Head } from './head';
import { type UpdateView, loadUpdate } from './load-update';
import { Neighbours } from './neighbours';
import { describeRate, rateChart, tellsSilence } from './rate-chart';
import { UpdateSpreadView } from './update-spread';

/** One update: its verdict, and how it spread against how its hosts fared. */
export function UpdatePage({ channel, version }: { channel: string; version: string }) {
  const path = pathOf.update(channel, version).slice(1);
  const { answer, problem, retry } = useLive(path, (signal) => loadUpdate(path, signal));
  useTitle(`${version} on ${channel}`);
  if (answer === undefined) return problem ? <Failed problem={problem} retry={retry} /> : <Loading />;
  return (
    <>
      {problem && <Stale problem={problem} retry={retry} />}
      <Head view={answer} />
      <RateFigure view={answer} />
      {answer.changes.length > 0 && <EvidenceFigure changes={answer.changes} />}
      <UpdateSpreadView update={answer.update} />
      <div class="columns">
        <Actions update={answer.update} />
        <Neighbours view={answer} />
      </div>
    </>
  );
}

const silenceNote =
  "Fell silent: of the hosts in the detector's sample that had it, those that missed three heartbeats or more when they ought to be alive, whether or not they came back.";
const noSilenceNote = 'No heartbeats are noted yet of hosts that have it, so it is not told how many fell silent.';

function RateFigure({ view }: { view: UpdateView }) {
  const { update } = view;
  const chart = useMemo(() => (update.curve.length === 0 ? undefined : rateChart(view)), [view]);
  if (chart === undefined)
    return (
      <section class="card notice">
        <h2>Adoption against crash rate</h2>
        <p>No host has applied the update.</p>
      </section>
    );
  return (
    <Figure
      id="rate"
      title="Adoption against crash rate"
      sentence={describeRate(view)}
      chart={chart}
      note={`Crash rate: hosts that crashed, per 1,000 hosts that had it and hour, for any reason. The band holds 95 of 100 buckets if they crashed like all hosts that do not have it; it ends where too few are left to compare. ${tellsSilence(update) ? silenceNote : noSilenceNote}`}
    />
  );
}
