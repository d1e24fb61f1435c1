// Removes something and offers the way back.
import { useToast } from './toast';

interface Removal<T> {
  // What is said of it when it is gone.
  text: string;
  remove: () => Promise<T>;
  bringBack: (removed: T) => Promise<unknown>;
  // Reads anew what shows it, after either.
  refetch: () => Promise<unknown>;
}

export function useRemoval() {
  const toast = useToast();
  return async <T>({ text, remove, bringBack, refetch }: Removal<T>) => {
    const removed = await remove();
    await refetch();
    const run = async () => {
      await bringBack(removed);
      await refetch();
    };
    toast({ text, action: { label: 'Undo', run } });
  };
}
