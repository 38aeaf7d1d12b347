import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What a probe or a small API call needs. Certificates are PEM text. */
export interface HttpCall {
  readonly url: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** For servers on loopback that make up their own certificate. */
  readonly anyCertificate?: boolean;
}

const timeoutMilliseconds = 3000;

/** Makes one HTTP call. Throws when there is no answer within 3 s. Plain Node: it starts quickly and needs no client. */
export function callHttp(call: HttpCall): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const secure = call.url.startsWith('https:');
    const request = (secure ? httpsRequest : httpRequest)(
      call.url,
      {
        method: call.method ?? 'GET',
        agent: false,
        timeout: timeoutMilliseconds,
        headers: call.body === undefined ? {} : { 'content-type': 'application/json' },
        ...(secure && {
          ca: call.ca,
          cert: call.cert,
          key: call.key,
          rejectUnauthorized: call.anyCertificate !== true,
        }),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body });
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer from ${call.url} within 3 s`)));
    request.on('error', reject);
    request.end(call.body === undefined ? undefined : JSON.stringify(call.body));
  });
}

/** Whether a GET is answered with 200. */
export async function answersOk(call: HttpCall): Promise<boolean> {
  return (await callHttp(call)).status === 200;
}
