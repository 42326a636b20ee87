/** A bar from empty (0) to reached (1). The label is read aloud; the bar alone never carries the figure. */
export function Meter({ fraction, label, warnAt = 0.8 }: { fraction: number | null; label: string; warnAt?: number }) {
  const filled = Math.min(1, Math.max(0, fraction ?? 0));
  const level = filled >= 1 ? 'meter-full' : filled >= warnAt ? 'meter-warn' : '';
  return (
    // biome-ignore lint/a11y/useSemanticElements: the native element cannot be drawn in stripes and tones in every browser
    <div
      className={`meter ${level}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={Number(filled.toFixed(3))}
      title={label}
    >
      <div className="meter-fill" style={{ width: `${filled * 100}%` }} />
    </div>
  );
}
