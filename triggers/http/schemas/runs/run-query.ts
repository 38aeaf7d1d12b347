import { z } from 'zod';
import { tagText } from '../../../../domain/pods/rules/text/tag.ts';
import { causes, severities } from '../../../../domain/pods/verdict/types.ts';
import { ownRunTypes } from '../../runs/own-runs.ts';
import { runStatuses } from './run-row.ts';

/** Values of search attributes are at most this long. */
const text = z.string().min(1).max(255);
const time = z.iso.datetime({ offset: true, error: 'is no RFC 3339 time, such as 2026-07-01T12:00:00Z' });
const status = z.string().toUpperCase().pipe(z.enum(runStatuses));

/** The query string of `GET /api/v1/runs`. */
export const runsQuerySchema = z
  .strictObject({
    type: z.exactOptional(z.enum(ownRunTypes)),
    namespace: z.exactOptional(text),
    pod: z.exactOptional(text),
    owner: z.exactOptional(text).meta({ description: '`<kind>/<name>`', examples: ['ReplicaSet/web-5d4f'] }),
    node: z.exactOptional(text),
    cause: z.exactOptional(z.enum(causes)).meta({ description: 'Primary cause of the last incident.' }),
    severity: z.exactOptional(z.enum(severities)),
    state: z.exactOptional(text).meta({ examples: ['Degraded', 'classification-failed'] }),
    tag: z
      .exactOptional(text.regex(tagText.pattern, `is no tag: those hold only ${tagText.alphabet}`))
      .meta({ description: 'One of the last tags.', examples: ['incident'] }),
    status: z.exactOptional(status).meta({ description: 'Of the run itself, in any case.', enum: [...runStatuses] }),
    from: z.exactOptional(time).meta({ description: 'Runs started at or after it.' }),
    to: z.exactOptional(time).meta({ description: 'Runs started before it.' }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z
      .exactOptional(z.string().max(4096))
      .meta({ description: '`nextCursor` of the page before, with the same filter.' }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'is not later than "from"',
  });
