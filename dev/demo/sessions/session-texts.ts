import { curl, pathText } from '../replay/texts.ts';
import type { DemoStep } from '../views/view.ts';
import { demoSessionId, idleTimeoutSeconds } from './demo-session.ts';
import type { SeenAnswer, SessionRecord } from './session-record.ts';

/** The request of the session's client, for another terminal. */
function executeCommand(url: string, tokenFile: string): string {
  return curl(tokenFile, [
    "-H 'Content-Type: application/json'",
    `-d '{"say":"hello"}'`,
    `${url}/api/v1/session/${demoSessionId}/execute`,
  ]);
}

export function firstAnswerStep(input: {
  readonly url: string;
  readonly tokenFile: string;
  readonly first: SeenAnswer;
  readonly others: readonly SeenAnswer[];
  readonly why: string;
}): DemoStep {
  const { url, tokenFile, first, others, why } = input;
  const command = executeCommand(url, tokenFile);
  const seconds = first.seconds.toFixed(1);
  const shown = others.map(({ seconds: took }) => `${Math.round(took * 1000)} ms`).join(', ');
  return {
    step: 'session-answered',
    facts: { session: demoSessionId, first, others, why, command },
    text: [
      `A client asks for its session "${demoSessionId}". No pod of it exists; it is answered after ${seconds} s by one that was made for it.`,
      `  ${command}`,
      `${others.length} more requests land on the same pod (${shown}). Why it is alive: ${why}`,
      '',
    ].join('\n'),
  };
}

export function healedStep(answer: SeenAnswer, killed: string): DemoStep {
  return {
    step: 'session-healed',
    facts: { session: demoSessionId, killed, answer },
    text: [
      `The pod ${killed} is killed. The next request is held until another pod serves the session: ${answer.seconds.toFixed(1)} s, "${answer.start}".`,
      `Nobody asks any more now; after ${idleTimeoutSeconds} s without a request the pod is removed, and not before.`,
      '',
    ].join('\n'),
  };
}

export function sessionEndedStep({ run, pods, lastAnswerMs }: SessionRecord): DemoStep {
  const goneMs = pods.at(-1)?.goneMs ?? 0;
  const idleSeconds = Math.round((goneMs - (lastAnswerMs ?? 0)) / 100) / 10;
  return {
    step: 'session-ended',
    facts: { session: demoSessionId, idleSeconds, ...run },
    text: [
      `Session "${demoSessionId}" was removed ${idleSeconds} s after its last answer. Its whole life is one run:`,
      `  ${run?.url ?? ''}`,
      '',
    ].join('\n'),
  };
}

/** What to try with sessions once the demo has shown them. */
export function exploringSessions(url: string, tokenFile: string): readonly string[] {
  return [
    `Sessions: ${url} (the gateway). Each session id gets a pod of its own:`,
    `  ${executeCommand(url, tokenFile)}`,
    `  npx podkeeper sessions list --url ${url} --token "$(cat ${pathText(tokenFile)})"`,
  ];
}
