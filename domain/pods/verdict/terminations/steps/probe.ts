import type { ProbeSnapshot } from '../../../snapshot/pod-snapshot.ts';
import { podEvidence } from '../../draft.ts';
import type { Evidence } from '../../types.ts';
import type { Draft } from '../../draft.ts';
import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { End, EndStep } from '../end.ts';
import { sayExitCode, signalOf } from '../exit-codes.ts';
import { findProbeProof, type ProbeKind, type ProbeProof } from '../probes/probe-events.ts';
import { inferProbe } from '../probes/probe-inference.ts';

/** Events prove that a probe was behind this end, whatever its exit code. */
export const decideProvenProbe: EndStep = (input) => {
  if (input.view.type === 'ephemeral') return undefined;
  const proof = findProbeProof(input);
  return proof === undefined ? undefined : draftProbe(input, proof);
};

/** Without Events a probe is possible at most; an older Event about the same probe makes it likely. */
export const decideInferredProbe: EndStep = (input) => {
  const kind = inferProbe(input);
  if (kind === undefined) return undefined;
  return draftProbe(input, { kind, confidence: 'possible', evidence: [], lastMessage: undefined });
};

function draftProbe(input: End, { kind, confidence, evidence, lastMessage }: ProbeProof): Draft {
  const { view, end } = input;
  const code = sayExitCode(end.record.exitCode);
  const said = lastMessage === undefined ? '' : `: ${lastMessage}`;
  return createEndDraft(input, {
    cause: kind === 'startup' ? 'StartupProbeFailed' : 'LivenessProbeFailed',
    confidence,
    signal: end.record.exitCode === 137 || end.record.exitCode === 143 ? signalOf(end.record) : undefined,
    summary:
      confidence === 'possible'
        ? `container ${view.name} may have been killed because its ${kind} probe failed (no Events to prove it), exit code ${code}${sayRestarts(view)}`
        : `container ${view.name} was stopped by the kubelet because its ${kind} probe failed, exit code ${code}${sayRestarts(view)}`,
    remedy: `check why the ${kind} probe of container ${view.name} fails${said}; give it more time (failureThreshold, periodSeconds) only if the container is healthy but slow`,
    evidence: [...evidence, ...probeEvidence(input, kind, view.spec[kind])],
  });
}

function probeEvidence({ view, end }: End, kind: ProbeKind, probe: ProbeSnapshot | undefined): readonly Evidence[] {
  if (probe === undefined) return [];
  const path = `${view.specPath}.${kind}Probe`;
  return [
    ...podEvidence(`${path}.failureThreshold`, probe.failureThreshold),
    ...podEvidence(`${path}.periodSeconds`, probe.periodSeconds),
    ...podEvidence(`${end.path}.startedAt`, end.record.startedAt),
  ];
}
