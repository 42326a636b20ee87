import { GateTable } from '../components/GateTable.tsx';
import { dismissToast, useToasts } from '../stores/toasts.ts';

const MARK = { done: '✓', repeated: '⚠', refused: '✕', failed: '!', news: '•' } as const;

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast toast-${toast.tone}`}>
          <span className="toast-mark" aria-hidden="true">
            {MARK[toast.tone]}
          </span>
          <div>
            <strong>{toast.title}</strong>
            <p>{toast.body}</p>
            {toast.reasons && toast.reasons.length > 0 ? <GateTable gates={toast.reasons} /> : null}
          </div>
          <button
            type="button"
            className="icon-button"
            aria-label={`Dismiss: ${toast.title}`}
            onClick={() => dismissToast(toast.id)}
          >
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}
