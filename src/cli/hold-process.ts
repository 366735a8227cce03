/** Keeps the process alive while `work` is under way: sockets to a receiver of spans hold none. */
export async function holdProcess<T>(work: () => Promise<T>): Promise<T> {
  const hold = setInterval(() => undefined, 1000);
  try {
    return await work();
  } finally {
    clearInterval(hold);
  }
}
