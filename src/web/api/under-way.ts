let count = 0;

/** Whether something is shown already that the server has not answered: asking it now would show the past. */
export const isActUnderWay = (): boolean => count > 0;

export async function underWay<T>(work: () => Promise<T>): Promise<T> {
  count += 1;
  try {
    return await work();
  } finally {
    count -= 1;
  }
}
