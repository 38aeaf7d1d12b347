import { describe, expect, it } from '@jest/globals';
import type { LeaseTaken } from '../../../../../triggers/gateway/leases/lease-holder.ts';
import type { Route } from '../../../../../triggers/gateway/routes/route-table.ts';
import { createReachSession } from '../../../../../triggers/gateway/session/create-reach-session.ts';
import type { SessionTarget } from '../../../../../triggers/gateway/session/session-target.ts';
import type { EnsureOptions } from '../../../../../triggers/gateway/starts/session-starter.ts';
import { quickClass } from '../../../../helpers/sessions/session-runs.ts';

const target: SessionTarget = {
  key: 'a'.repeat(26),
  sessionId: 'alice-1',
  tenant: '',
  tenantHash: 't',
  ownerHash: 'o',
  askedClass: null,
  class: quickClass,
};

function route(incarnation: number, parts: Partial<Route> = {}): Route {
  const { key } = target;
  const podName = `s-${key}-${incarnation}`;
  return {
    ...{ key, incarnation, podUid: `uid-${incarnation}`, namespace: 'sessions', podName, class: 'default' },
    ...{ address: '127.0.0.1', port: 8080, kid: 'k1', version: '1' },
    ...parts,
  };
}

/** Leases as scripted, one answer after the other, the last one for ever. */
function rig(input: {
  readonly known?: Route;
  readonly answers?: readonly Route[];
  readonly leases: readonly LeaseTaken['state'][];
}) {
  const asked: EnsureOptions[] = [];
  const classesAsked: string[] = [];
  const lease = { ending: new AbortController().signal, release: () => undefined };
  const answers = [...(input.answers ?? [])];
  const leases = [...input.leases];
  const reach = createReachSession({
    routes: { find: () => input.known },
    leases: {
      take: () => {
        const state = leases.length > 1 ? leases.shift() : leases[0];
        return state === 'held' || state === undefined ? { state: 'held', lease, unleased: false } : { state };
      },
    },
    starter: {
      ensure: (wanted, options) => {
        asked.push(options);
        classesAsked.push(wanted.class.name);
        const next = answers.length > 1 ? answers.shift() : answers[0];
        if (next === undefined) throw new Error('nobody answers');
        return Promise.resolve({ route: next, start: 'cold' });
      },
    },
    classes: new Map([
      ['default', quickClass],
      ['large', { ...quickClass, name: 'large' }],
    ]),
  });
  return {
    asked,
    classesAsked,
    reach: (
      parts: { readonly suspect?: Route; readonly target?: Partial<SessionTarget>; readonly holdMs?: number } = {},
    ) =>
      reach(
        { ...target, ...parts.target },
        {
          deadlineMs: performance.now() + (parts.holdMs ?? 5000),
          signal: new AbortController().signal,
          ...(parts.suspect !== undefined && { suspect: parts.suspect }),
        },
      ),
  };
}

describe('reaching a session', () => {
  it('asks nobody when the route is known and the lease is granted', async () => {
    const { reach, asked } = rig({ known: route(5), leases: ['held'] });
    expect(await reach()).toMatchObject({ start: 'existing', route: { incarnation: 5 } });
    expect(asked).toEqual([]);
  });

  it('has the pod made when there is none', async () => {
    const { reach, asked } = rig({ answers: [route(7)], leases: ['held'] });
    expect(await reach()).toMatchObject({ start: 'cold', route: { incarnation: 7 } });
    expect(asked).toMatchObject([{ above: 0 }]);
  });

  it('asks the run when a session drains, and takes the same pod again when the run calls it back', async () => {
    const { reach, asked } = rig({ known: route(5), answers: [route(5)], leases: ['draining', 'held'] });
    expect(await reach()).toMatchObject({ route: { incarnation: 5 } });
    expect(asked).toMatchObject([{ above: 5 }]);
  });

  it('takes only a newer pod after one that is gone', async () => {
    const { reach, asked } = rig({ known: route(5), answers: [route(6)], leases: ['gone', 'held'] });
    expect(await reach()).toMatchObject({ route: { incarnation: 6 } });
    expect(asked).toMatchObject([{ above: 5 }]);
  });

  it('has a pod whose run is gone taken over as of its own class, when the request names none', async () => {
    const large = { class: 'large' };
    const { reach, classesAsked } = rig({
      known: route(5, large),
      answers: [route(5, large)],
      leases: ['draining', 'held'],
    });
    await reach();
    expect(classesAsked).toEqual(['large']);
  });

  it('reports a pod that could not be connected to, once', async () => {
    const { reach, asked } = rig({ known: route(5), answers: [route(6)], leases: ['gone', 'held'] });
    await reach({ suspect: route(5) });
    expect(asked.map(({ suspect }) => suspect)).toEqual([5, undefined]);
  });

  it('has a pod that Redis knows nothing of published again', async () => {
    const { reach, asked } = rig({ known: route(5), answers: [route(5)], leases: ['missing', 'held'] });
    expect(await reach()).toMatchObject({ route: { incarnation: 5 } });
    expect(asked).toMatchObject([{ above: 5, unpublished: 5 }]);
  });

  it('goes on asking while leases are refused, and says "starting" at the end of the hold', async () => {
    const { reach, asked } = rig({ known: route(5), answers: [route(5)], leases: ['missing'] });
    await expect(reach({ holdMs: 400 })).rejects.toMatchObject({ code: 'starting' });
    expect(asked.length).toBeGreaterThan(1);
  });

  it('refuses another class than the session has', async () => {
    const { reach } = rig({ known: route(5), leases: ['held'] });
    await expect(reach({ target: { askedClass: 'large' } })).rejects.toMatchObject({ code: 'class_mismatch' });
  });

  it('refuses a session of a class that the token does not allow, also when the request names none', async () => {
    const { reach } = rig({ known: route(5), leases: ['held'] });
    await expect(reach({ target: { allowedClasses: new Set(['small']) } })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const { route: reached } = await reach({ target: { allowedClasses: new Set(['default']) } });
    expect(reached.incarnation).toBe(5);
  });

  it('refuses a session of a class that is not configured any more', async () => {
    const { reach } = rig({ known: route(5, { class: 'old' }), leases: ['held'] });
    await expect(reach()).rejects.toMatchObject({ code: 'class_mismatch' });
  });
});
