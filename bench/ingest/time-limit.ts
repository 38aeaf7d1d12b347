/** Runs `work` for so long at most; then the signal it is given is aborted and an Error says what to change. */
export async function withTimeLimit<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const exceeded = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`Not done within ${seconds} s. Take fewer --pods or a longer --time-limit.`);
    controller.abort(error);
    exceeded.reject(error);
  }, seconds * 1000);
  try {
    return await Promise.race([work(controller.signal), exceeded.promise]);
  } finally {
    clearTimeout(timer);
  }
}
