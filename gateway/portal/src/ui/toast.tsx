// Short messages at the foot of the page, each with at most one thing to do. Read out by screen readers; never in the way of focus.
import { Button } from '@mantine/core';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { CheckIcon, CrossIcon } from './icons';

export interface Toast {
  text: string;
  tone?: 'good' | 'bad';
  // What it offers to do. When that fails, a message says so: `failed`, or that it could not be undone.
  action?: { label: string; run: () => unknown; failed?: string };
  // How long it stays. Ten seconds, so that there is time to undo.
  ms?: number;
}

interface Shown extends Toast {
  id: number;
}

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);
const MOST = 3;
const NOT_UNDONE = 'It could not be undone. Reload the page and look, then try again.';

export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([]);
  const next = useRef(1);
  const show = useCallback((toast: Toast) => {
    const id = next.current++;
    setShown((before) => [...before.slice(1 - MOST), { ...toast, id }]);
  }, []);
  const hide = useCallback((id: number) => setShown((before) => before.filter((toast) => toast.id !== id)), []);
  const region = useMemo(
    () => (
      <div className="toasts" role="status" aria-live="polite">
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onHide={hide} />
        ))}
      </div>
    ),
    [shown, hide],
  );
  return (
    <ToastContext.Provider value={show}>
      {children}
      {region}
    </ToastContext.Provider>
  );
}

function ToastCard({ toast, onHide }: { toast: Shown; onHide: (id: number) => void }) {
  const show = useToast();
  const [held, setHeld] = useState(false);
  const act = async ({ run, failed = NOT_UNDONE }: NonNullable<Toast['action']>) => {
    onHide(toast.id);
    try {
      await run();
    } catch {
      show({ text: failed, tone: 'bad' });
    }
  };
  useEffect(() => {
    // Somebody who reads it or is about to press it keeps it there.
    if (held) return undefined;
    const timer = setTimeout(() => onHide(toast.id), toast.ms ?? 10_000);
    return () => clearTimeout(timer);
  }, [held, onHide, toast]);
  return (
    <div
      className="toast"
      data-tone={toast.tone ?? 'good'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {toast.tone === 'bad' ? <CrossIcon size={20} /> : <CheckIcon size={20} />}
      <span className="toast-text">{toast.text}</span>
      {toast.action && (
        <Button
          className="toast-action"
          variant="white"
          size="compact-md"
          h={44}
          onClick={() => toast.action && void act(toast.action)}
        >
          {toast.action.label}
        </Button>
      )}
      <button type="button" className="toast-close" aria-label="Close message" onClick={() => onHide(toast.id)}>
        <CrossIcon size={18} />
      </button>
    </div>
  );
}
