/** Events in one request. */
export const maxEvents = 500;
