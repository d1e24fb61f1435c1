import { describe, expect, it, vi } from 'vitest';
import { newRequestId } from './ids';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('request ids', () => {
  it('are random UUIDs, also where the browser makes none', () => {
    expect(newRequestId()).toMatch(UUID);
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const made = Array.from({ length: 100 }, newRequestId);
    vi.unstubAllGlobals();
    expect(made.every((id) => UUID.test(id))).toBe(true);
    expect(new Set(made).size).toBe(100);
  });
});
